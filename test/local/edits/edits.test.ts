import {
  ConflictException,
  GetImageSetCommand,
  SearchImageSetsCommand,
  ValidationException,
  type ImageSetsMetadataSummary,
  type MetadataUpdates,
  type SearchByAttributeValue,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { withLocal, type Local } from '../../support/gateway/withLocal.ts';
import {
  instance,
  ofInstance,
  readDocument,
  removable,
  requestUpdate,
  seriesOf,
  take as takeInto,
  takeStudyOf,
  type UpdateGiven,
  unlocked,
  updatable,
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

describe('an update of metadata', () => {
  test('makes a version that searches and documents show, and leaves earlier ones alone', async () => {
    const { primary } = takeStudy();
    const before = await documentOf(primary);
    const tree = {
      SchemaVersion: 1.1,
      Study: { DICOM: { StudyDescription: 'After', AccessionNumber: 'A1' } },
    };
    expect(await update(primary, '1', updatable(tree))).toMatchObject({
      latestVersionId: '2',
      imageSetState: 'LOCKED',
      imageSetWorkflowStatus: 'UPDATING',
    });
    expect(await active(primary)).toMatchObject({ versionId: '2', imageSetWorkflowStatus: 'UPDATED' });
    expect(await found({ DICOMAccessionNumber: 'A1' })).toMatchObject([
      { imageSetId: primary, version: 2, DICOMTags: { DICOMStudyDescription: 'After' } },
    ]);
    const document = await documentOf(primary);
    expect(document.Study.DICOM).toMatchObject({ StudyDescription: 'After', AccessionNumber: 'A1' });
    expect(await documentOf(primary, '1')).toEqual(before);
    const frames = (each: Document) =>
      Object.values(each.Study.Series).flatMap(({ Instances }) =>
        Object.values(Instances).map(({ ImageFrames }) => ImageFrames),
      );
    expect(frames(document)).toEqual(frames(before));
  });

  test('of one instance is of that instance alone', async () => {
    const { primary } = takeStudy();
    const uid = `${seriesOf(1)}.2`;
    await update(primary, '1', updatable(ofInstance(uid, { DICOM: { ImageComments: 'seen' } })));
    await active(primary);
    const series = (await documentOf(primary)).Study.Series[seriesOf(1)];
    const comments = Object.entries(series?.Instances ?? {}).map(([each, { DICOM }]) => [
      each,
      DICOM['ImageComments'],
    ]);
    expect(comments).toEqual([
      [`${seriesOf(1)}.1`, undefined],
      [uid, 'seen'],
    ]);
  });

  test('removes attributes and instances', async () => {
    const { primary } = takeStudy();
    await update(primary, '1', removable({ Study: { DICOM: { StudyDescription: 'whatever' } } }));
    await active(primary);
    await update(primary, '2', removable(ofInstance(`${seriesOf(1)}.1`, {})));
    await active(primary);
    const document = await documentOf(primary);
    expect(document.Study.DICOM).not.toHaveProperty('StudyDescription');
    expect(Object.keys(document.Study.Series[seriesOf(1)]?.Instances ?? {})).toEqual([`${seriesOf(1)}.2`]);
    const [row] = await found({ DICOMSeriesInstanceUID: seriesOf(1) });
    expect(row?.DICOMTags).not.toHaveProperty('DICOMStudyDescription');
  });

  test('removes an instance until its file is imported again, with the same frames', async () => {
    const pixels = {
      PixelData: { vr: 'OW', value: Buffer.alloc(8) },
      Rows: 2,
      Columns: 2,
      BitsAllocated: 16,
    };
    const records = [instance(1, 1, pixels), instance(1, 2)];
    const [imageSetId = ''] = take(...records);
    const first = await documentOf(imageSetId);
    await update(imageSetId, '1', removable(ofInstance(`${seriesOf(1)}.1`, {})));
    await active(imageSetId);
    for (const versionId of ['3', '3']) {
      expect(take(...records)).toEqual([imageSetId]);
      expect(await active(imageSetId)).toMatchObject({ versionId });
    }
    expect(await documentOf(imageSetId)).toEqual(first);
    expect(await documentOf(imageSetId, '1')).toEqual(first);
    expect(
      Object.keys((await documentOf(imageSetId, '2')).Study.Series[seriesOf(1)]?.Instances ?? {}),
    ).toEqual([`${seriesOf(1)}.2`]);
  });

  test('reverts to an earlier version by a new one', async () => {
    const { primary } = takeStudy();
    const first = await documentOf(primary);
    await update(primary, '1', updatable({ Study: { DICOM: { StudyDescription: 'Two' } } }));
    await active(primary);
    await update(primary, '2', updatable({ Study: { DICOM: { StudyDescription: 'Three' } } }));
    await active(primary);
    expect(await update(primary, '3', { revertToVersionId: '1' })).toMatchObject({ latestVersionId: '4' });
    await active(primary);
    expect(await documentOf(primary)).toEqual(first);
    const rows = await found({ DICOMPatientId: 'P1' });
    expect(rows.find(({ imageSetId }) => imageSetId === primary)).toMatchObject({
      version: 4,
      DICOMTags: { DICOMStudyDescription: 'Before' },
    });
  });

  test('of a study reaches all its primary image sets at once, and no other', async () => {
    const { primary, other, contradicting } = takeStudy();
    const tree = updatable({ Patient: { DICOM: { PatientName: 'Sample^Eve' } } });
    await update(primary, '1', tree, { includeStudyImageSets: true });
    await active(primary);
    const names = await Promise.all(
      [primary, other, contradicting].map(async (id) => (await documentOf(id)).Patient.DICOM['PatientName']),
    );
    expect(names).toEqual(['Sample^Eve', 'Sample^Eve', 'Sample^Ada']);
    expect(await active(other)).toMatchObject({ versionId: '2', imageSetWorkflowStatus: 'UPDATED' });
  });

  test('with force changes what identifies an image set that is not primary, and says so in that version', async () => {
    const { contradicting } = takeStudy();
    const tree = updatable({ Study: { DICOM: { StudyInstanceUID: '9.9.9' } } });
    await expect(update(contradicting, '1', tree)).rejects.toThrow(ValidationException);
    await update(contradicting, '1', tree, { force: true });
    expect(await active(contradicting)).toMatchObject({ versionId: '2', overrides: { forced: true } });
    expect(await found({ DICOMStudyInstanceUID: '9.9.9' })).toMatchObject([{ imageSetId: contradicting }]);
    const first = await local.client.send(new GetImageSetCommand({ ...set(contradicting), versionId: '1' }));
    expect(first).not.toHaveProperty('overrides');
  });

  test('with force writes private attributes with what they are', async () => {
    const { contradicting } = takeStudy();
    const uid = `${seriesOf(1)}.3`;
    const value = { DICOM: { '001910F9': '97' }, DICOMVRs: { '001910F9': 'DS' } };
    await update(contradicting, '1', updatable(ofInstance(uid, value)), { force: true });
    await active(contradicting);
    const document = await documentOf(contradicting);
    expect(document.Study.Series[seriesOf(1)]?.Instances[uid]).toMatchObject(value);
  });

  test('is not undone by an import of the same files, which is not lost either', async () => {
    const { primary } = takeStudy();
    await update(primary, '1', updatable({ Study: { DICOM: { AccessionNumber: 'A1' } } }));
    await active(primary);
    expect(take(instance(1, 1), instance(1, 2))).toEqual([primary]);
    expect(await found({ DICOMAccessionNumber: 'A1' })).toMatchObject([{ imageSetId: primary, version: 2 }]);
    const [added] = take(instance(1, 4));
    expect(added).not.toBe(primary);
    expect(
      Object.keys((await documentOf(added ?? '')).Study.Series[seriesOf(1)]?.Instances ?? {}),
    ).toHaveLength(1);
  });

  test.each<[string, MetadataUpdates, object?]>([
    ['no attributes at all', { DICOMUpdates: {} }],
    ['what is not JSON', { DICOMUpdates: { updatableAttributes: Buffer.from('{') } }],
    ['a list', updatable([])],
    [
      'what nests too far',
      { DICOMUpdates: { updatableAttributes: Buffer.from(`${'["}",'.repeat(3_000)}1`) } },
    ],
    [
      'half a character',
      {
        DICOMUpdates: {
          updatableAttributes: Buffer.from('{"Study":{"DICOM":{"StudyDescription":"\\ud800"}}}'),
        },
      },
    ],
    ['members that a document does not have', updatable({ Patients: {} })],
    ['an attribute at another level', updatable({ Study: { DICOM: { PatientName: 'X' } } })],
    ['an unknown keyword', updatable({ Study: { DICOM: { NoSuchKeyword: 'X' } } })],
    ['patient attributes of a primary image set', updatable({ Patient: { DICOM: { PatientName: 'X' } } })],
    [
      'series attributes of a primary image set',
      updatable({ Study: { Series: { [seriesOf(1)]: { DICOM: { ProtocolName: 'X' } } } } }),
    ],
    ['another series', updatable({ Study: { Series: { '1.9': { DICOM: {} } } } })],
    ['another instance', updatable(ofInstance('1.9', { DICOM: { ImageComments: 'X' } }))],
    ['frames', updatable(ofInstance(`${seriesOf(1)}.1`, { ImageFrames: [] }))],
    ['pixels', updatable(ofInstance(`${seriesOf(1)}.1`, { DICOM: { PixelData: 'AAAA' } }))],
    ['a sequence', updatable({ Study: { DICOM: { ProcedureCodeSequence: [] } } }), { force: true }],
    ['a date that is none', updatable({ Study: { DICOM: { StudyDate: '2 January' } } })],
    ['a value that is too long', updatable({ Study: { DICOM: { StudyDescription: 'X'.repeat(600) } } })],
    ['all instances to be removed', removable(ofInstance(`${seriesOf(1)}.1`, {}))],
    ['a version that there is not', { revertToVersionId: '7' }],
    ['a version to revert to, for the study', { revertToVersionId: '1' }, { includeStudyImageSets: true }],
  ])('refuses %s, and changes nothing', async (title, updates, options = {}) => {
    const [imageSetId = ''] =
      title === 'all instances to be removed' ? take(instance(1, 1)) : [takeStudy().primary];
    const before = await documentOf(imageSetId);
    await expect(update(imageSetId, '1', updates, options)).rejects.toThrow(ValidationException);
    expect(await active(imageSetId)).toMatchObject({ versionId: '1', imageSetState: 'ACTIVE' });
    expect(await documentOf(imageSetId)).toEqual(before);
  });

  test('refuses a version that is not the latest, and both kinds of update at once', async () => {
    const { primary } = takeStudy();
    const tree = updatable({ Study: { DICOM: { StudyDescription: 'After' } } });
    await expect(update(primary, '2', tree)).rejects.toThrow(ConflictException);
    const both = { ...tree, revertToVersionId: '1' } as unknown as MetadataUpdates;
    const response = await fetch(
      `${local.url}/datastore/${local.datastoreId}/imageSet/${primary}/updateImageSetMetadata?latestVersion=1`,
      { method: 'POST', body: JSON.stringify({ DICOMUpdates: {}, revertToVersionId: '1' }) },
    );
    expect([response.status, Object.keys(both)]).toEqual([400, ['DICOMUpdates', 'revertToVersionId']]);
    for (const force of ['maybe', '1']) {
      const query = `latestVersion=1&force=${force}`;
      const answer = await fetch(
        `${local.url}/datastore/${local.datastoreId}/imageSet/${primary}/updateImageSetMetadata?${query}`,
        { method: 'POST', body: JSON.stringify({ revertToVersionId: '1' }) },
      );
      expect(answer.status).toBe(400);
    }
  });
});
