import {
  ConflictException,
  DeleteImageSetCommand,
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  ListImageSetVersionsCommand,
  ResourceNotFoundException,
  SearchImageSetsCommand,
  type ImageSetsMetadataSummary,
  type SearchByAttributeValue,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { beginEdit, finishEdits } from '../../../src/local/edits/pendingEdits.ts';
import { createLocalHealthImaging } from '../../../src/local/server.ts';
import { silentLog, withLocal, type Local } from '../../support/gateway/withLocal.ts';
import {
  instance,
  readDocument,
  requestUpdate,
  seriesOf,
  take as takeInto,
  takeStudyOf,
  type UpdateGiven,
  unlocked,
  updatable,
} from './studyToEdit.ts';

let local: Local;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  local = await withLocal({ now: () => now });
});
afterEach(() => local.close());

const take = (...records: Parameters<typeof takeInto>[2]) => takeInto(local, (now += 1_000), records);

const takeStudy = () => takeStudyOf(take);
const set = (imageSetId: string) => ({ datastoreId: local.datastoreId, imageSetId });

const update = (...[imageSetId, latest, updates, options]: UpdateGiven) =>
  requestUpdate(local, { imageSetId, latest, updates, ...options });
const active = (imageSetId: string) => unlocked(local, imageSetId);
const documentOf = (imageSetId: string, versionId?: string) => readDocument(local, imageSetId, versionId);

async function found(value: SearchByAttributeValue): Promise<ImageSetsMetadataSummary[]> {
  const { datastoreId } = local;
  const searchCriteria = { filters: [{ operator: 'EQUAL' as const, values: [value] }] };
  const answer = await local.client.send(new SearchImageSetsCommand({ datastoreId, searchCriteria }));
  return answer.imageSetsMetadataSummaries ?? [];
}

describe('a deleted image set', () => {
  test('is locked, then deleted, and neither searched nor read', async () => {
    const { primary } = takeStudy();
    expect(await local.client.send(new DeleteImageSetCommand(set(primary)))).toMatchObject({
      imageSetId: primary,
      imageSetState: 'LOCKED',
      imageSetWorkflowStatus: 'DELETING',
    });
    expect(await active(primary)).toMatchObject({
      imageSetState: 'DELETED',
      imageSetWorkflowStatus: 'DELETED',
      deletedAt: new Date(now),
      versionId: '1',
    });
    const { imageSetPropertiesList } = await local.client.send(new ListImageSetVersionsCommand(set(primary)));
    expect(imageSetPropertiesList).toMatchObject([
      { versionId: '1', imageSetState: 'DELETED', ImageSetWorkflowStatus: 'DELETED' },
    ]);
    expect(await found({ DICOMSeriesInstanceUID: seriesOf(1) })).toHaveLength(1);
    for (const command of [
      new GetImageSetMetadataCommand(set(primary)),
      new DeleteImageSetCommand(set(primary)),
    ])
      await expect(local.client.send(command as DeleteImageSetCommand)).rejects.toThrow(
        ResourceNotFoundException,
      );
  });

  test('comes back under another ID when its files are imported again', async () => {
    const { primary } = takeStudy();
    await local.client.send(new DeleteImageSetCommand(set(primary)));
    await active(primary);
    const [again] = take(instance(1, 1), instance(1, 2));
    expect(again).not.toBe(primary);
    expect(await found({ DICOMSeriesInstanceUID: seriesOf(1) })).toHaveLength(2);
    expect((await active(primary)).imageSetState).toBe('DELETED');
  });
});

describe('a locked image set', () => {
  test('shows what it is locked for, takes no other write, and is read', async () => {
    const { primary } = takeStudy();
    local.store.transaction(() => {
      beginEdit(local.store, [{ imageSetId: primary, status: 'DELETING' }], { kind: 'delete' });
    });
    expect(await local.client.send(new GetImageSetCommand(set(primary)))).toMatchObject({
      imageSetState: 'LOCKED',
      imageSetWorkflowStatus: 'DELETING',
    });
    await expect(local.client.send(new DeleteImageSetCommand(set(primary)))).rejects.toThrow(
      ConflictException,
    );
    const tree = updatable({ Study: { DICOM: { StudyDescription: 'After' } } });
    await expect(update(primary, '1', tree)).rejects.toThrow(ConflictException);
    expect((await documentOf(primary)).Study.DICOM['StudyDescription']).toBe('Before');
  });

  test('is unlocked though its update can no longer be made, and says so', async () => {
    const { primary } = takeStudy();
    const tree = Buffer.from('{"Study":{"DICOM":{"PatientName":"X"}}}').toString('base64');
    const edit = { kind: 'update', updatableAttributes: tree, force: false, includesStudy: false } as const;
    local.store.transaction(() => {
      beginEdit(local.store, [{ imageSetId: primary, status: 'UPDATING' }], edit);
    });
    finishEdits(local.store, now);
    expect(await active(primary)).toMatchObject({
      versionId: '1',
      imageSetState: 'ACTIVE',
      imageSetWorkflowStatus: 'UPDATE_FAILED',
    });
  });

  test('takes instances of an import after the edit that it is locked for', async () => {
    const { primary } = takeStudy();
    const tree = updatable({ Study: { DICOM: { StudyDescription: 'After' } } });
    await update(primary, '1', tree);
    expect(take(instance(1, 5))).toEqual([primary]);
    expect(await active(primary)).toMatchObject({ versionId: '3' });
    const versions = await Promise.all(
      ['2', '3'].map(async (version) => {
        const { Study } = await documentOf(primary, version);
        return [
          Study.DICOM['StudyDescription'],
          Object.keys(Study.Series[seriesOf(1)]?.Instances ?? {}).length,
        ];
      }),
    );
    expect(versions).toEqual([
      ['After', 2],
      ['After', 3],
    ]);
  });

  test('is finished at the next start', async () => {
    const { primary } = takeStudy();
    local.store.transaction(() => {
      beginEdit(local.store, [{ imageSetId: primary, status: 'DELETING' }], { kind: 'delete' });
    });
    const { datastores } = local;
    const again = await createLocalHealthImaging({ datastores, log: silentLog, port: 0, now: () => now });
    await again.close();
    expect((await active(primary)).imageSetState).toBe('DELETED');
  });
});
