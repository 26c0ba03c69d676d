import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import {
  GetImageSetMetadataCommand,
  paginateSearchImageSets,
  type ImageSetsMetadataSummary,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { dicomFileReasons } from '../../../src/local/dicom/read/dicomFileError.ts';
import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';
import { importDicom } from '../../../src/local/import/import.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

const importProcess = fileURLToPath(new URL('../../support/process/importProcess.ts', import.meta.url));

function file(series: number, instance: number, more: DatasetInput = {}): Buffer {
  return writeP10({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: `1.2.3.${series}.${instance}`,
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: `1.2.3.${series}`,
    StudyDate: '20260102',
    StudyTime: '101112',
    PatientID: 'P1',
    PatientName: 'Sample^Ada',
    Modality: 'OT',
    SeriesNumber: String(series),
    InstanceNumber: String(instance),
    ...more,
  });
}

describe('an import of folders', () => {
  let local: Local & { readonly directory: string };
  let folder: string;

  beforeEach(async () => {
    local = await withLocal({ onDisk: true });
    folder = await mkdtemp(join(tmpdir(), 'import-'));
  });
  afterEach(async () => {
    await local.close();
    await rm(folder, { recursive: true });
  });

  const run = (paths: readonly string[] = [folder]) => importDicom(local.store, paths);

  async function write(name: string, bytes: Buffer | string): Promise<string> {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, bytes);
    return path;
  }

  async function writeSeries(series: number, instances: number): Promise<void> {
    for (let instance = 1; instance <= instances; instance += 1) {
      await write(`${series}/${instance}.dcm`, file(series, instance));
    }
  }

  async function rows(): Promise<ImageSetsMetadataSummary[]> {
    const found: ImageSetsMetadataSummary[] = [];
    const { client, datastoreId } = local;
    const searchCriteria = { sort: { sortField: 'createdAt', sortOrder: 'ASC' } } as const;
    for await (const page of paginateSearchImageSets({ client }, { datastoreId, searchCriteria })) {
      found.push(...(page.imageSetsMetadataSummaries ?? []));
    }
    return found;
  }

  async function metadata(
    imageSetId: string | undefined,
  ): Promise<{ Study: { Series: Record<string, { Instances: object }> } }> {
    const answer = await local.client.send(
      new GetImageSetMetadataCommand({ datastoreId: local.datastoreId, imageSetId }),
    );
    const bytes = await answer.imageSetMetadataBlob.transformToByteArray();
    return JSON.parse(gunzipSync(bytes).toString()) as Awaited<ReturnType<typeof metadata>>;
  }

  const countOfInstances = async (imageSetId: string | undefined) =>
    Object.values((await metadata(imageSetId)).Study.Series).map(
      ({ Instances }) => Object.keys(Instances).length,
    );

  test('takes DICOM files at any depth, and changes nothing when they are imported again', async () => {
    await writeSeries(1, 3);
    await write('deep/er/file-without-extension', file(2, 1));
    expect(await run()).toEqual({
      filesRead: 4,
      imageSetsMade: 2,
      imageSetsUpdated: 0,
      imageSetsUnchanged: 0,
      leftOut: [],
      warnings: new Map(),
    });
    const before = await rows();
    expect(before.map(({ DICOMTags }) => DICOMTags)).toEqual(
      [1, 2].map((series) => ({
        DICOMStudyInstanceUID: '1.2.3',
        DICOMSeriesInstanceUID: `1.2.3.${series}`,
        DICOMStudyDate: '20260102',
        DICOMStudyTime: '101112',
        DICOMPatientId: 'P1',
        DICOMPatientName: 'Sample^Ada',
        DICOMSeriesModality: 'OT',
        DICOMSeriesNumber: series,
      })),
    );
    expect(await run()).toMatchObject({ filesRead: 4, imageSetsMade: 0, imageSetsUnchanged: 2 });
    await write('1/4.dcm', file(1, 4));
    expect(await run()).toMatchObject({ imageSetsMade: 0, imageSetsUpdated: 1, imageSetsUnchanged: 1 });
    expect((await rows()).map(({ version }) => version)).toEqual([2, 1]);
  });

  test('leaves out what it cannot import, with the reason, and imports the rest', async () => {
    const whole = file(1, 1, { PixelData: Buffer.alloc(64), Rows: 8, Columns: 8, BitsAllocated: 8 });
    const paths = {
      truncated: await write('a/truncated.dcm', whole.subarray(0, whole.length - 10)),
      directory: await write(
        'b/DICOMDIR',
        writeP10({ SOPClassUID: '1.2.840.10008.1.3.10', SOPInstanceUID: '1.2.4' }),
      ),
      notes: await write('c/notes.txt', 'no DICOM'),
      empty: await write('c/zero', ''),
      missing: join(folder, 'd', 'missing'),
    };
    await symlink(join(folder, 'nowhere'), join(folder, 'broken'));
    await write('e/whole.dcm', whole);
    expect(await run([folder, paths.missing])).toEqual({
      warnings: new Map(),
      filesRead: 1,
      imageSetsMade: 1,
      imageSetsUpdated: 0,
      imageSetsUnchanged: 0,
      leftOut: [
        { path: paths.truncated, reason: dicomFileReasons.truncated, failed: true },
        { path: paths.directory, reason: dicomFileReasons.dicomDirectory, failed: false },
        {
          path: join(folder, 'broken'),
          reason: 'Expected a file or a folder, but there is none.',
          failed: true,
        },
        { path: paths.notes, reason: dicomFileReasons.notDicom, failed: false },
        { path: paths.empty, reason: dicomFileReasons.notDicom, failed: false },
        { path: paths.missing, reason: 'Expected a file or a folder, but there is none.', failed: true },
      ],
    });
  });

  test('makes a new version when only the pixels of a file changed, once', async () => {
    const pixels = (value: number) => ({ PixelData: Buffer.alloc(64).fill(value, 63) });
    await write('1.dcm', file(1, 1, pixels(0)));
    await run();
    await write('1.dcm', file(1, 1, pixels(1)));
    expect(await run()).toMatchObject({ imageSetsMade: 0, imageSetsUpdated: 1 });
    expect(await run()).toMatchObject({ imageSetsMade: 0, imageSetsUpdated: 0, imageSetsUnchanged: 1 });
    expect((await rows()).map(({ version }) => version)).toEqual([2]);
  });

  test('follows symbolic links, but not in circles, and reads no file twice', async () => {
    await writeSeries(1, 2);
    await symlink('..', join(folder, '1', 'up'));
    await symlink(join(folder, '1'), join(folder, 'again'));
    expect(await run([folder, folder])).toMatchObject({ filesRead: 2, imageSetsMade: 1, leftOut: [] });
  });

  test('stops when aborted', async () => {
    await writeSeries(1, 3);
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(importDicom(local.store, [folder], { signal: stop.signal })).rejects.toThrow('stopped');
    expect(await rows()).toEqual([]);
  });

  test('gives the metadata document of the imported instances', async () => {
    const pixels = {
      PixelData: Buffer.alloc(128),
      Rows: 8,
      Columns: 8,
      BitsAllocated: 8,
      NumberOfFrames: '2',
    };
    await write('1.dcm', file(1, 1, { ...pixels, PatientAge: '041Y' }));
    await write('2.dcm', file(1, 2, { PatientAge: '042Y' }));
    await run();
    const [row] = await rows();
    const frame = { ID: expect.stringMatching(/^[0-9a-z]{32}$/) as unknown, FrameSizeInBytes: 64 };
    expect(await metadata(row?.imageSetId)).toMatchObject({
      SchemaVersion: '1.1',
      DatastoreID: local.datastoreId,
      ImageSetID: row?.imageSetId,
      Patient: { DICOM: { PatientID: 'P1', PatientName: 'Sample^Ada' } },
      Study: {
        DICOM: { StudyInstanceUID: '1.2.3', StudyDate: '20260102', StudyTime: '101112', PatientAge: '041Y' },
        Series: {
          '1.2.3.1': {
            DICOM: { SeriesInstanceUID: '1.2.3.1', Modality: 'OT', SeriesNumber: '1 ' },
            Instances: {
              '1.2.3.1.1': {
                DICOM: { SOPInstanceUID: '1.2.3.1.1', InstanceNumber: '1 ', Rows: 8 },
                ImageFrames: [frame, frame],
              },
              '1.2.3.1.2': {
                DICOM: { SOPInstanceUID: '1.2.3.1.2', InstanceNumber: '2 ', PatientAge: '042Y' },
                ImageFrames: [],
              },
            },
          },
        },
      },
    });
  });

  test('may run twice at once in other processes, beside a server that shows the new image sets', async () => {
    await writeSeries(1, 40);
    await writeSeries(2, 40);
    const other = join(folder, 'other');
    await cp(join(folder, '2'), other, { recursive: true });
    const processes = [join(folder, '1'), folder].map((path) =>
      spawn(process.execPath, [importProcess, local.directory, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const outputs = await Promise.all(processes.map(({ stdout }) => text(stdout)));
    const summaries = outputs.map((output) => JSON.parse(output.trim().split('\n').at(-1) ?? '') as object);
    expect(summaries).toMatchObject([
      { filesRead: 40, leftOut: [] },
      { filesRead: 120, leftOut: [] },
    ]);
    const found = await rows();
    expect(found).toHaveLength(2);
    expect(await Promise.all(found.map(({ imageSetId }) => countOfInstances(imageSetId)))).toEqual([
      [40],
      [40],
    ]);
    expect(await run()).toMatchObject({ imageSetsMade: 0, imageSetsUpdated: 0, imageSetsUnchanged: 2 });
  }, 30_000);

  test('leaves whole batches when it is killed, which the next one completes', async () => {
    for (let series = 1; series <= 30; series += 1) await writeSeries(series, 40);
    const child = spawn(process.execPath, [importProcess, local.directory, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const { store } = local;
    expect(store.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(store.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const kept = Number(store.prepare('SELECT count(*) AS n FROM instance').get()?.['n']);
    expect([kept > 0, kept % 500 === 0 || kept === 1_200]).toEqual([true, true]);
    const counted = (await rows()).map(({ imageSetId }) => imageSetId);
    const instances = await Promise.all(counted.map(countOfInstances));
    expect(instances.flat().reduce((sum, count) => sum + count, 0)).toBe(kept);
    await run();
    expect(await run()).toMatchObject({
      filesRead: 1_200,
      imageSetsMade: 0,
      imageSetsUpdated: 0,
      imageSetsUnchanged: 30,
    });
    expect(store.prepare('SELECT count(*) AS n FROM instance WHERE until_version IS NULL').get()).toEqual({
      n: 1_200,
    });
  }, 60_000);
});
