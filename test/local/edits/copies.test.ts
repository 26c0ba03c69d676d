import {
  ConflictException,
  CopyImageSetCommand,
  SearchImageSetsCommand,
  ServiceQuotaExceededException,
  ValidationException,
  type CopyImageSetRequest,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { withLocal, type Local } from '../../support/gateway/withLocal.ts';
import {
  instance,
  readDocument,
  seriesOf,
  take as takeInto,
  unlocked,
  type Document,
} from './studyToEdit.ts';

let local: Local;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  local = await withLocal({ now: () => now });
});
afterEach(() => local.close());

const take = (...records: Parameters<typeof takeInto>[2]) => takeInto(local, (now += 1_000), records);

type Copy = Partial<CopyImageSetRequest> & { readonly to?: string; readonly only?: object };

/** Copies the first version of an image set, to the first version of another. */
async function copy(sourceImageSetId: string, { to, only, ...more }: Copy = {}) {
  const answer = await local.client.send(
    new CopyImageSetCommand({
      ...{ datastoreId: local.datastoreId, sourceImageSetId },
      copyImageSetInformation: {
        sourceImageSet: {
          latestVersionId: '1',
          ...(only !== undefined && { DICOMCopies: { copiableAttributes: JSON.stringify(only) } }),
        },
        ...(to !== undefined && { destinationImageSet: { imageSetId: to, latestVersionId: '1' } }),
      },
      ...more,
    }),
  );
  const destination = answer.destinationImageSetProperties?.imageSetId ?? '';
  return { answer, destination, after: await unlocked(local, destination) };
}

const only = (...uids: string[]) => ({
  SchemaVersion: '1.1',
  Study: { Series: { [seriesOf(1)]: { Instances: Object.fromEntries(uids.map((uid) => [uid, {}])) } } },
});
const instancesOf = ({ Study }: Document) => Object.values(Study.Series)[0]?.Instances ?? {};
const uid = (number: number) => `${seriesOf(1)}.${number}`;

describe('a copy of an image set', () => {
  test('is a new one that is not primary, with the same instances and frames', async () => {
    const pixels = {
      PixelData: { vr: 'OW', value: Buffer.alloc(8) },
      Rows: 2,
      Columns: 2,
      BitsAllocated: 16,
    };
    const [source = ''] = take(instance(1, 1, pixels), instance(1, 2));
    const { answer, destination, after } = await copy(source);
    expect(answer).toMatchObject({
      sourceImageSetProperties: {
        imageSetId: source,
        latestVersionId: '1',
        imageSetState: 'LOCKED',
        imageSetWorkflowStatus: 'COPYING_WITH_READ_ONLY_ACCESS',
      },
      destinationImageSetProperties: {
        latestVersionId: '1',
        imageSetState: 'LOCKED',
        imageSetWorkflowStatus: 'COPYING',
      },
    });
    expect(after).toMatchObject({ versionId: '1', imageSetWorkflowStatus: 'COPIED', isPrimary: false });
    expect(await unlocked(local, source)).toMatchObject({
      versionId: '1',
      imageSetWorkflowStatus: 'CREATED',
    });
    const [original, copied] = [await readDocument(local, source), await readDocument(local, destination)];
    expect(instancesOf(copied)).toEqual(instancesOf(original));
    const rows = await local.client.send(new SearchImageSetsCommand({ datastoreId: local.datastoreId }));
    expect(rows.imageSetsMetadataSummaries?.map(({ imageSetId }) => imageSetId).toSorted()).toEqual(
      [source, destination].toSorted(),
    );
  });

  test('has the instances that were named alone', async () => {
    const [source = ''] = take(instance(1, 1), instance(1, 2), instance(1, 3));
    const { destination } = await copy(source, { only: only(uid(1), uid(3)) });
    expect(Object.keys(instancesOf(await readDocument(local, destination)))).toEqual([uid(1), uid(3)]);
  });

  test('adds to another that agrees in patient, study and series, as its next version', async () => {
    const [source = ''] = take(instance(1, 1), instance(1, 2));
    const { destination } = await copy(source, { only: only(uid(1)) });
    const { answer, after } = await copy(source, { only: only(uid(2)), to: destination });
    expect(answer.destinationImageSetProperties).toMatchObject({
      imageSetId: destination,
      latestVersionId: '2',
    });
    expect(after).toMatchObject({ versionId: '2', imageSetWorkflowStatus: 'COPIED' });
    expect(after).not.toHaveProperty('overrides');
    expect(Object.keys(instancesOf(await readDocument(local, destination)))).toEqual([uid(1), uid(2)]);
    expect(Object.keys(instancesOf(await readDocument(local, destination, '1')))).toEqual([uid(1)]);
  });

  test('leaves the counts of the one that it adds to', async () => {
    const counts = (series: string) => ({
      NumberOfStudyRelatedSeries: series,
      AccessionNumber: `A${series}`,
    });
    const [source = ''] = take(instance(1, 1, counts('7')));
    const [destination = ''] = take(instance(1, 2, counts('8')));
    await copy(source, { to: destination, force: true });
    const rows = await local.client.send(new SearchImageSetsCommand({ datastoreId: local.datastoreId }));
    const row = rows.imageSetsMetadataSummaries?.find(({ imageSetId }) => imageSetId === destination);
    expect(row?.DICOMTags).toMatchObject({ DICOMNumberOfStudyRelatedSeries: 8, DICOMAccessionNumber: 'A8' });
  });

  test('adds to one that differs only with force, and keeps what that has', async () => {
    const [primary = ''] = take(instance(1, 1));
    const [other = ''] = take(instance(1, 2, { AccessionNumber: 'A9' }));
    await expect(copy(other, { to: primary })).rejects.toThrow(ValidationException);
    const { after } = await copy(other, { to: primary, force: true });
    expect(after).toMatchObject({ versionId: '2', overrides: { forced: true } });
    const document = await readDocument(local, primary);
    expect(document.Study.DICOM).not.toHaveProperty('AccessionNumber', 'A9');
    expect(Object.keys(instancesOf(document))).toEqual([uid(1), uid(2)]);
  });

  test('becomes primary where nothing contradicts it', async () => {
    const [primary = ''] = take(instance(1, 1));
    const [other = ''] = take(instance(1, 2, { AccessionNumber: 'A9' }));
    await expect(copy(other, { promoteToPrimary: true })).rejects.toThrow(ValidationException);
    await expect(copy(primary, { promoteToPrimary: true })).rejects.toThrow(ValidationException);
    local.store.prepare('UPDATE image_set SET is_primary = 0 WHERE image_set_id = ?').run(primary);
    const { after } = await copy(other, { promoteToPrimary: true });
    expect(after).toMatchObject({ isPrimary: true, versionId: '1' });
  });

  test.each<[string, Copy, new (...given: never[]) => Error]>([
    [
      'another version',
      { copyImageSetInformation: { sourceImageSet: { latestVersionId: '2' } } },
      ConflictException,
    ],
    ['an instance that is not there', { only: only('1.9') }, ValidationException],
    ['no instance', { only: only() }, ValidationException],
    ['what is no JSON of a document', { only: [] }, ValidationException],
    ['another series', { only: { Study: { Series: { '1.9': { Instances: {} } } } } }, ValidationException],
  ])('refuses %s', async (_title, request, error) => {
    const [source = ''] = take(instance(1, 1));
    await expect(copy(source, request)).rejects.toThrow(error);
    expect(await unlocked(local, source)).toMatchObject({ imageSetState: 'ACTIVE', versionId: '1' });
  });

  test('refuses an instance that the destination has, itself, and more than a thousand frames', async () => {
    const [source = ''] = take(instance(1, 1));
    const { destination } = await copy(source);
    await expect(copy(source, { to: destination })).rejects.toThrow(ValidationException);
    await expect(copy(source, { to: source })).rejects.toThrow(ValidationException);
    const frames = {
      Rows: 1,
      Columns: 1,
      BitsAllocated: 8,
      NumberOfFrames: '1001',
      PixelData: Buffer.alloc(1_002),
    };
    const [large = ''] = take(instance(2, 1, frames));
    await expect(copy(large)).rejects.toThrow(ServiceQuotaExceededException);
  });
});
