import { createHash } from 'node:crypto';
import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { elementText, type DicomInstance } from '../../../src/local/dicom/dataset.ts';
import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { summaryTags, type SummaryTags } from '../../../src/local/dicom/summaryTags.ts';
import { writeSamples } from '../../../src/local/samples/writeSamples.ts';

interface Sample {
  readonly instance: DicomInstance;
  readonly tags: SummaryTags;
}

const noon = new Date('2026-11-24T12:00:00Z');
let directory: string;
let files: Map<string, Buffer>;
let samples: Sample[];

async function readAll(root: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths
    .sort()
    .map(async (path): Promise<[string, Buffer]> => [path.slice(root.length), await readFile(path)]);
  return new Map(await Promise.all(read));
}

function by<Key>(key: (sample: Sample) => Key): Map<Key, Sample[]> {
  return Map.groupBy(samples, key);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-samples-'));
  await writeSamples(join(directory, 'one'), noon);
  files = await readAll(join(directory, 'one'));
  samples = [...files.values()].map((bytes) => {
    const instance = readP10Bytes(bytes);
    return { instance, tags: summaryTags(instance.dataset) };
  });
});

afterAll(() => rm(directory, { recursive: true }));

describe('writeSamples', () => {
  test("writes a department's week in a few hundred small files", () => {
    const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    expect({
      files: files.size,
      patients: by(({ tags }) => tags.DICOMPatientId).size,
      studies: by(({ instance }) => instance.studyInstanceUid).size,
      series: by(({ instance }) => instance.seriesInstanceUid).size,
      megabytes: Math.ceil(bytes / 1e6),
    }).toEqual({ files: 271, patients: 16, studies: 30, series: 89, megabytes: 1 });
  });

  test('covers modalities, syntaxes and character sets', () => {
    const modalities = [...by(({ tags }) => tags.DICOMSeriesModality).keys()].sort();
    expect(modalities.join(' ')).toBe('CR CT DX MG MR NM OT PT SR US XA');
    expect(by(({ instance }) => instance.transferSyntaxUid).size).toBe(3);
    expect(by(({ instance }) => elementText(instance.dataset, '00080005')).size).toBe(12);
    const names = [...by(({ tags }) => tags.DICOMPatientName).keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'Sample^Ada',
        'Yamada^Tarou=山田^太郎=やまだ^たろう',
        'Hong^Gildong=洪^吉洞=홍^길동',
      ]),
    );
    expect(names.join()).not.toContain('\uFFFD');
  });

  test('marks every file as synthetic', () => {
    for (const { instance, tags } of samples) {
      expect(tags.DICOMPatientId).toMatch(/^SAMPLE-\d{3}$/);
      expect(elementText(instance.dataset, '00080080')).toBe('Synthetic Hospital');
      expect(elementText(instance.dataset, '00104000')).toMatch(/^Synthetic sample/);
    }
  });

  test('counts the series and instances of each study', () => {
    for (const study of by(({ instance }) => instance.studyInstanceUid).values()) {
      const series = new Set(study.map(({ instance }) => instance.seriesInstanceUid)).size;
      for (const { tags } of study) {
        expect(tags).toMatchObject({
          DICOMNumberOfStudyRelatedSeries: series,
          DICOMNumberOfStudyRelatedInstances: study.length,
        });
      }
    }
  });

  test('gives every instance its own UUID-derived UID (PS3.5 B.2)', () => {
    const uids = samples.flatMap(({ instance }) => [instance.sopInstanceUid]);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^(?=.{1,64}$)2\.25\.[1-9]\d*$/);
  });

  test('dates the studies within the last eight days', () => {
    const dates = [...by(({ tags }) => tags.DICOMStudyDate ?? '').keys()].sort();
    expect(dates).toEqual([
      '20261117',
      '20261118',
      '20261119',
      '20261120',
      '20261121',
      '20261122',
      '20261123',
      '20261124',
    ]);
  });

  test('has a study without accession number, and a series whose instances disagree about theirs', () => {
    const numbersBySeries = [...by(({ instance }) => instance.seriesInstanceUid).values()].map(
      (series) => new Set(series.map(({ tags }) => tags.DICOMAccessionNumber)),
    );
    expect(numbersBySeries.filter((numbers) => numbers.size > 1)).toHaveLength(1);
    expect(numbersBySeries.filter((numbers) => numbers.has(''))).toHaveLength(3);
  });

  test('has pixel data that differs from one image to the next', () => {
    const images = samples.filter(({ instance }) => instance.hasPixelData);
    expect(images.every(({ instance }) => (instance.frameSizeInBytes ?? 0) >= 256)).toBe(true);
    expect(images.some(({ instance }) => instance.frameCount > 1)).toBe(true);
    const digests = [...files.values()].map((file) => createHash('sha256').update(file).digest('hex'));
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('writes the same files at another time of the day, and other UIDs on another day', async () => {
    await writeSamples(join(directory, 'two'), new Date('2026-11-24T23:59:59Z'));
    expect(await readAll(join(directory, 'two'))).toEqual(files);
    await writeSamples(join(directory, 'three'), new Date('2026-11-25T00:00:00Z'));
    const later = [...(await readAll(join(directory, 'three'))).values()].map((file) => readP10Bytes(file));
    const uids = new Set(samples.map(({ instance }) => instance.sopInstanceUid));
    expect(later.some(({ sopInstanceUid }) => uids.has(sopInstanceUid))).toBe(false);
  });
});
