import { readdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  paginateSearchImageSets,
  type DICOMTags,
  type SearchByAttributeValue,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { dicomFileReasons } from '../../../src/local/dicom/read/dicomFileError.ts';
import { readP10 } from '../../../src/local/dicom/read/readP10.ts';
import { readWarnings, type ImportWarning } from '../../../src/local/dicom/read/readWarnings.ts';
import { transferSyntaxes } from '../../../src/local/dicom/transferSyntax.ts';
import { writeP10 } from '../../../src/local/dicom/write/writeP10.ts';
import { importDicom, type ImportSummary } from '../../../src/local/import/import.ts';
import { openStore } from '../../../src/local/store/store.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

// Files made from public bug reports, each for a kind of file that others read. dcmtk and pydicom agree with what is here, but for
// what a comment says.

const folder = fileURLToPath(new URL('./cases/dicom/', import.meta.url));
const names = readdirSync(folder).map((file) => basename(file, '.dcm'));
const named = (pattern: RegExp) => names.filter((name) => pattern.test(name));

const {
  brokenSequence,
  invalidText,
  irregularUid,
  longValue,
  noMetaHeader,
  oddValueRepresentation,
  shortContainer,
  trailingBytes,
} = readWarnings;

let local: Local;
let summary: ImportSummary;
beforeAll(async () => {
  local = await withLocal();
  summary = await importDicom(local.store, [folder]);
});
afterAll(() => local.close());

async function found(...filters: [SearchByAttributeValue, SearchByAttributeValue?][]): Promise<DICOMTags[]> {
  const { client, datastoreId } = local;
  const searchCriteria = filters.length > 0 && {
    filters: filters.map(([low, high]) => ({
      operator: high === undefined ? ('EQUAL' as const) : ('BETWEEN' as const),
      values: high === undefined ? [low] : [low, high],
    })),
  };
  const rows: DICOMTags[] = [];
  for await (const page of paginateSearchImageSets(
    { client },
    { datastoreId, ...(searchCriteria && { searchCriteria }) },
  ))
    for (const { DICOMTags = {} } of page.imageSetsMetadataSummaries ?? []) rows.push(DICOMTags);
  return rows;
}

/** The files, by the name that they have in their Patient ID or their Patient's Name, that a study date and time finds. */
async function filesAt(DICOMStudyDate: string, DICOMStudyTime?: string): Promise<string[]> {
  const value = { DICOMStudyDate, ...(DICOMStudyTime !== undefined && { DICOMStudyTime }) };
  const rows = await found([{ DICOMStudyDateAndTime: value }]);
  return rows.map(({ DICOMPatientId = '' }) => DICOMPatientId.replace('PID-', '')).sort();
}

test('all are in the store but for the one that was cut off', () => {
  expect(summary.leftOut).toEqual([
    { path: join(folder, 'prealloc-header-cut.dcm'), reason: dicomFileReasons.truncated, failed: true },
  ]);
  expect(summary.filesRead).toBe(names.length - 1);
});

const warned: [pattern: RegExp, ...ImportWarning[]][] = [
  [/^(vr-|vrfirst-|vrk-|future-vr|fodicom|private-nul)/, oddValueRepresentation],
  [/^(lenk-|dcm4che1364-|pydicom2325-)/, shortContainer],
  [/^(trail-|dicomrs448)/, trailingBytes],
  [/^bare-cmdset/, noMetaHeader],
  [/^cs-(latin1-in-192|ir87-no-return)/, invalidText],
  [/^val-uid-/, irregularUid],
  [/^val-.*-long\d+$/, longValue],
];

test.each(names.filter((name) => name !== 'prealloc-header-cut'))(
  '%s says what is odd about it',
  async (name) => {
    const rule = warned.find(([pattern]) => pattern.test(name));
    const { warnings } = await readP10(join(folder, `${name}.dcm`));
    const expected = rule?.slice(1) ?? [];
    // What is too long is told where the search's tags are made, and counted below.
    expect(warnings).toEqual(
      expected.filter((warning) => warning !== longValue || name.startsWith('val-uid')),
    );
  },
);

test('the import counts the files of each warning', () => {
  expect(summary.warnings.get(longValue)).toBe(named(/^val-(?!uid).*-long\d+$/).length);
  expect(summary.warnings.get(trailingBytes)).toBe(4);
  expect(summary.warnings.get(brokenSequence)).toBeUndefined();
});

test.each(
  named(/^(vr|vrfirst|vrk|future|fodicom|private|lenk|dcm4che|pydicom|trail|dicomrs|daikon|bare|meta|un-)/),
)('%s has its identifiers whole', async (name) => {
  const [row] = await found([{ DICOMPatientId: `PID-${name}` }]);
  expect(row).toMatchObject({
    DICOMPatientName: `Test^${name}`.slice(0, 25).trim(),
    DICOMStudyDate: '20240315',
    DICOMStudyTime: '101500',
    DICOMSeriesModality: 'OT',
    DICOMStudyId: 'SID',
    DICOMSeriesNumber: 3,
  });
});

describe('times and dates', () => {
  test('of odd forms are found by their real time', async () => {
    expect(await filesAt('19970103', '102030')).toEqual(
      ['colon', 'fracdot', 'multi', 'dt', 'zone'].map((form) => `val-time-${form}`).sort(),
    );
    expect(await filesAt('19970103', '102030.5')).toEqual(['val-time-colon-frac', 'val-time-comma']);
    expect(await filesAt('19970103', '102030.123456')).toEqual(['val-time-frac6', 'val-time-frac7']);
    expect(await filesAt('19970103', '1020')).toEqual(['val-time-colon-hhmm', 'val-time-hhmm']);
    expect(await filesAt('19970103', '10')).toEqual(['val-time-hh']);
  });

  test('the leap second belongs to its day', async () => {
    expect(await filesAt('19970103', '235960')).toEqual(['val-time-leap']);
    const value = (DICOMStudyDate: string) => ({ DICOMStudyDateAndTime: { DICOMStudyDate } });
    const ids = (await found([value('19970103'), value('19970104')])).map(
      ({ DICOMPatientId }) => DICOMPatientId,
    );
    expect(ids.toSorted()).toEqual(
      named(/^val-time/)
        .map((name) => `PID-${name}`)
        .toSorted(),
    );
  });

  test('that are none are found by their day, never at midnight', async () => {
    expect(await filesAt('19970103')).toEqual(['val-time-2400', 'val-time-5digits', 'val-time-empty']);
    expect(await filesAt('19970103', '000000')).toEqual(['val-time-empty']);
  });

  test('dates of odd forms are found by their day', async () => {
    const files = [...(await filesAt('19970102', '101500')), ...(await filesAt('19970103', '101500'))];
    expect(files.toSorted()).toEqual(named(/^val-date/));
  });
});

describe('text', () => {
  test.each([
    ['cs-win1251', 'Петров^Иван'],
    ['cs-iso8859-2-name', 'Kovács^Őry'],
    ['cs-iso8859-5-name', 'Петров^Иван'],
    ['cs-euckr-name', '김^철수'],
    ['cs-shiftjis-name', '山田^太郎'],
    // pydicom leaves the escapes of the family name where no set is designated again before the delimiter.
    ['cs-ir87-no-return', 'Y^T=山田^太郎'],
  ])('%s is read in its set', async (name, patientName) => {
    expect(await found([{ DICOMPatientId: `PID-${name}` }])).toMatchObject([
      { DICOMPatientName: patientName },
    ]);
  });

  test('that is not valid in its set keeps two patients apart', async () => {
    for (const id of ['MÜ-1', 'MÄ-1']) expect(await found([{ DICOMPatientId: id }])).toHaveLength(1);
  });

  test.each([
    ['val-pid-leading-blank', { DICOMPatientId: 'PT-LB' }],
    ['val-pid-leading-blank', { DICOMPatientId: '  PT-LB' }],
    ['val-sid-padded', { DICOMStudyId: 'S-PAD' }],
    ['val-sid-padded', { DICOMStudyId: ' S-PAD ' }],
    ['val-acc-padded', { DICOMAccessionNumber: '0000123' }],
    ['val-acc-padded', { DICOMAccessionNumber: '0000123   ' }],
  ])('%s is found with and without padding: %j', async (name, value) => {
    expect(await found([value])).toMatchObject([{ DICOMPatientName: `Test^${name}`.slice(0, 25) }]);
  });

  test('that is too long for a search is cut, and an identifier left out', async () => {
    const rows = await found();
    const of = (name: string) => rows.find(({ DICOMPatientName }) => DICOMPatientName === `Test^${name}`);
    expect(of('val-pid-long600')).not.toHaveProperty('DICOMPatientId');
    expect(of('val-sex-long40')?.DICOMPatientSex).toBe('S'.repeat(16));
    expect(of('val-modality-long40')?.DICOMSeriesModality).toBe('M'.repeat(32));
    expect(of('val-studytime-long60')?.DICOMStudyTime).toHaveLength(56);
  });

  test('of 20 MB cannot poison a search', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'long-'));
    const path = join(directory, 'long.dcm');
    await writeFile(
      path,
      writeP10(
        { ...identifiers, StudyDescription: 'é'.repeat(10_000_000) },
        { transferSyntaxUid: transferSyntaxes.implicitLittleEndian },
      ),
    );
    using store = openStore({ directory: ':memory:' });
    const { warnings } = await importDicom(store, [directory]);
    expect([...warnings.keys()]).toEqual([longValue]);
    const row = store.prepare('SELECT length(summary) AS length FROM image_set').get();
    expect(Number(row?.['length'])).toBeLessThan(2_000);
    await rm(directory, { recursive: true });
  });
});

/** Of an instance. */
const identifiers = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: '1.2.3.4',
  StudyInstanceUID: '1.2.3',
  SeriesInstanceUID: '1.2.3.5',
  SpecificCharacterSet: 'ISO_IR 192',
};

test.each(named(/^val-uid-/))('%s is found by its UIDs', async (name) => {
  const { studyInstanceUid, seriesInstanceUid } = await readP10(join(folder, `${name}.dcm`));
  expect(await found([{ DICOMStudyInstanceUID: studyInstanceUid }])).toMatchObject([
    { DICOMPatientId: `PID-${name}` },
  ]);
  expect(await found([{ DICOMSeriesInstanceUID: seriesInstanceUid }])).toHaveLength(1);
});

test('file and folder names may be any bytes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'names-'));
  const bytes = (name: string) => Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, 'latin1')]);
  await copyFile(join(folder, 'vr-OX.dcm'), bytes('M\xfcller.dcm'));
  await writeFile(bytes('\xff\xfe.txt'), 'no instance');
  using store = openStore({ directory: ':memory:' });
  const { filesRead, leftOut } = await importDicom(store, [directory]);
  expect(filesRead).toBe(1);
  expect(leftOut).toEqual([
    { path: join(directory, '\ufffd\ufffd.txt'), reason: dicomFileReasons.notDicom, failed: false },
  ]);
  await rm(directory, { recursive: true });
});
