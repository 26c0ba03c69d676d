import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import {
  GetImageSetMetadataCommand,
  SearchImageSetsCommand,
  type ImageSetsMetadataSummary,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { importDicom } from '../../../src/local/import/import.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

const cases = fileURLToPath(new URL('./cases/', import.meta.url));

type Attributes = Readonly<Record<string, unknown>>;
interface Instance {
  readonly DICOM: Attributes;
  readonly DICOMVRs: Readonly<Record<string, string>>;
}
interface Document {
  readonly Patient: { readonly DICOM: Attributes };
  readonly Study: {
    readonly DICOM: Attributes;
    readonly Series: Readonly<
      Record<string, { readonly DICOM: Attributes; readonly Instances: Readonly<Record<string, Instance>> }>
    >;
  };
}

let local: Local;
beforeEach(async () => {
  local = await withLocal();
});
afterEach(() => local.close());

async function rows(): Promise<ImageSetsMetadataSummary[]> {
  const { datastoreId } = local;
  const searchCriteria = { sort: { sortField: 'createdAt', sortOrder: 'ASC' } } as const;
  const command = new SearchImageSetsCommand({ datastoreId, searchCriteria });
  return (await local.client.send(command)).imageSetsMetadataSummaries ?? [];
}

async function documentOf(imageSetId: string | undefined): Promise<Document> {
  const { datastoreId } = local;
  const answer = await local.client.send(new GetImageSetMetadataCommand({ datastoreId, imageSetId }));
  const bytes = await answer.imageSetMetadataBlob.transformToByteArray();
  return JSON.parse(gunzipSync(bytes).toString()) as Document;
}

async function imported(path: string): Promise<ImageSetsMetadataSummary[]> {
  expect((await importDicom(local.store, [`${cases}${path}`])).leftOut).toEqual([]);
  return rows();
}

describe('the metadata document', () => {
  test('of a file is what the real service answered for its original', async () => {
    const [row] = await imported('metadata/instance.dcm');
    const answered = JSON.parse(readFileSync(`${cases}metadata/aws-answer.json`, 'utf8')) as Document;
    // Its own are the IDs, what depends on the file's pixels, and the length of the meta header.
    const compared = ({ Patient, Study }: Document) => ({
      Patient,
      Study: {
        ...Study,
        Series: Object.entries(Study.Series).map(([uid, { DICOM, Instances }]) => [
          uid,
          DICOM,
          Object.entries(Instances).map(([sopInstanceUid, instance]) => [
            sopInstanceUid,
            { ...instance.DICOM, FileMetaInformationGroupLength: 0 },
            instance.DICOMVRs,
          ]),
        ]),
      },
    });
    expect(compared(await documentOf(row?.imageSetId))).toEqual(compared(answered));
  });

  test('shows each slice of a CT with its own tilt, kernel and diameter', async () => {
    const [row] = await imported('metadata/ct-tilt');
    const [series] = Object.values((await documentOf(row?.imageSetId)).Study.Series);
    const own = ['GantryDetectorTilt', 'ConvolutionKernel', 'ReconstructionDiameter'];
    const shown = Object.values(series?.Instances ?? {}).map(({ DICOM }) =>
      own.map((keyword) => [DICOM[keyword]].flat().map((value) => String(value).trim())),
    );
    expect(shown).toEqual([
      [['0'], ['STANDARD'], ['360']],
      [['-5'], ['BONE'], ['500']],
    ]);
    expect(own.filter((keyword) => keyword in (series?.DICOM ?? {}))).toEqual([]);
  });

  test.each(['pn-differs', 'desc-differs', 'bodypart-absent'])(
    'shows no instance with the value of another: %s',
    async (folder) => {
      const [row] = await imported(`dicom-series/${folder}`);
      const document = await documentOf(row?.imageSetId);
      const { Patient, Study } = document;
      const [series] = Object.values(Study.Series);
      const of = (keyword: string) =>
        Object.values(series?.Instances ?? {}).map(({ DICOM }) => {
          for (const level of [DICOM, series?.DICOM ?? {}, Study.DICOM, Patient.DICOM])
            if (keyword in level) return level[keyword];
          return undefined;
        });
      const keyword = { pn: 'PatientName', desc: 'StudyDescription', bodypart: 'BodyPartExamined' };
      const values = of(keyword[folder.split('-')[0] as keyof typeof keyword]);
      expect(new Set(values).size).toBe(2);
    },
  );
});

describe('a series', () => {
  const apart = ['acc-absent-2series', 'acc-empty-vs-value', 'dup-sop-2series', 'pid-differs'];
  const twoSeries = 'studyid-absent-vs-empty-2series';
  const folders = readdirSync(`${cases}dicom-series`);

  test.each(folders.filter((folder) => folder !== twoSeries && !apart.includes(folder)))(
    'is one primary image set: %s',
    async (folder) => {
      expect(await imported(`dicom-series/${folder}`)).toMatchObject([{ isPrimary: true }]);
    },
  );

  test.each(['pid-differs', 'acc-empty-vs-value'])('is two image sets: %s', async (folder) => {
    expect(await imported(`dicom-series/${folder}`)).toMatchObject([
      { isPrimary: true },
      { isPrimary: false },
    ]);
  });

  test.each([twoSeries, 'acc-absent-2series', 'dup-sop-2series'])(
    'is primary beside another of its study that lacks what it has: %s',
    async (folder) => {
      expect(await imported(`dicom-series/${folder}`)).toMatchObject([
        { isPrimary: true },
        { isPrimary: true },
      ]);
    },
  );

  test('is one image set though its files are imported eight times at once', async () => {
    const paths = [`${cases}dicom-series/same`];
    await Promise.all(Array.from({ length: 8 }, () => importDicom(local.store, paths)));
    expect(await rows()).toMatchObject([{ version: 1 }]);
  });
});

describe('a store of the first release', () => {
  const folder = `${cases}first-release/`;
  beforeEach(async () => {
    await local.close();
    local = await withLocal({ database: `${folder}healthimaging.sqlite` });
  });

  test('finds its image sets by the time and the Patient ID that they really have', async () => {
    const { datastoreId } = local;
    const study = { DICOMStudyDateAndTime: { DICOMStudyDate: '20260102', DICOMStudyTime: '101112' } };
    for (const value of [study, { DICOMPatientId: 'P1' }]) {
      const searchCriteria = { filters: [{ operator: 'EQUAL' as const, values: [value] }] };
      const command = new SearchImageSetsCommand({ datastoreId, searchCriteria });
      expect((await local.client.send(command)).imageSetsMetadataSummaries).toHaveLength(2);
    }
  });

  test('answers with documents in their new form', async () => {
    const [row] = await rows();
    const [series] = Object.values((await documentOf(row?.imageSetId)).Study.Series);
    expect(series?.DICOM).toMatchObject({ SoftwareVersions: ['3.1'] });
    expect(series?.DICOM).not.toHaveProperty('GantryDetectorTilt');
    expect(Object.values(series?.Instances ?? {})).toMatchObject([
      { DICOM: { GantryDetectorTilt: '0', '001910F9': '97' } },
      { DICOM: { GantryDetectorTilt: '-5' } },
    ]);
  });

  test('does not change when its files are imported again', async () => {
    const before = (await rows()).map(({ imageSetId, version, DICOMTags }) => [
      imageSetId,
      version,
      DICOMTags,
    ]);
    expect(await importDicom(local.store, [`${folder}files`])).toMatchObject({
      filesRead: 3,
      imageSetsMade: 0,
      imageSetsUpdated: 0,
      imageSetsUnchanged: 2,
    });
    expect(
      (await rows()).map(({ imageSetId, version, DICOMTags }) => [imageSetId, version, DICOMTags]),
    ).toEqual(before);
  });
});
