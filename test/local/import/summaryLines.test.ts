import { describe, expect, test } from '@jest/globals';

import { dicomFileReasons } from '../../../src/local/dicom/read/dicomFileError.ts';
import { readWarnings } from '../../../src/local/dicom/read/readWarnings.ts';
import type { ImportSummary, LeftOut } from '../../../src/local/import/import.ts';
import { failureLine, summaryLines } from '../../../src/local/import/summaryLines.ts';

const notes = { path: 'a/notes.txt', reason: dicomFileReasons.notDicom, failed: false };
const directory = { path: 'a/DICOMDIR', reason: dicomFileReasons.dicomDirectory, failed: false };
const cut = { path: 'a/cut.dcm', reason: dicomFileReasons.truncated, failed: true };
const missing = { path: 'b', reason: 'Expected a file or a folder, but there is none.', failed: true };

function summary(filesRead: number, ...leftOut: LeftOut[]): ImportSummary {
  return {
    filesRead,
    imageSetsMade: 1,
    imageSetsUpdated: 2,
    imageSetsUnchanged: 3,
    leftOut,
    warnings: new Map(),
  };
}

describe('the lines of an import', () => {
  test('are the counts alone when nothing was left out', () => {
    expect(summaryLines(summary(7))).toEqual([
      '7 files read; image sets: 1 made, 2 updated, 3 unchanged; 0 files left out',
    ]);
  });

  test('have the singular for one', () => {
    expect(summaryLines(summary(1, cut)).at(-1)).toBe(
      '1 file read; image sets: 1 made, 2 updated, 3 unchanged; 1 file left out (1 failed)',
    );
  });

  test('name what was left out, failures last, and count both kinds apart', () => {
    expect(summaryLines(summary(7, cut, notes, missing, directory))).toEqual([
      `left out: a/notes.txt: ${dicomFileReasons.notDicom}`,
      `left out: a/DICOMDIR: ${dicomFileReasons.dicomDirectory}`,
      `left out: a/cut.dcm: ${dicomFileReasons.truncated}`,
      'left out: b: Expected a file or a folder, but there is none.',
      '7 files read; image sets: 1 made, 2 updated, 3 unchanged; 4 files left out (2 not DICOM, 2 failed)',
    ]);
  });

  test('count the files that were read with a warning', () => {
    const { invalidText, trailingBytes } = readWarnings;
    const warnings = new Map([
      [invalidText, 1],
      [trailingBytes, 3],
    ]);
    expect(summaryLines({ ...summary(7), warnings }).slice(0, -1)).toEqual([
      `warning for 1 file: ${invalidText.message} (45056 COERCION_OF_DATA_ELEMENTS)`,
      `warning for 3 files: ${trailingBytes.message} (45062 ELEMENTS_DISCARDED)`,
    ]);
  });

  test('have no control character of a name', () => {
    const path = 'a/\u001b[2Jclean\n\u202egnp.dcm\u0000';
    const [line] = summaryLines(summary(0, { ...cut, path }));
    expect(line).toBe(`left out: a/\ufffd[2Jclean\ufffd\ufffdgnp.dcm\ufffd: ${dicomFileReasons.truncated}`);
  });

  test.each([
    ['an empty folder', []],
    ['other files only', [notes, directory]],
    ['a missing folder', [missing]],
  ])('end by saying that no DICOM instance was found: %s', (_title, leftOut) => {
    expect(summaryLines(summary(0, ...leftOut)).at(-1)).toBe('No DICOM instance was found.');
  });

  test('do not say so when a DICOM file failed', () => {
    expect(summaryLines(summary(0, cut)).at(-1)).toMatch(/; 1 file left out \(1 failed\)$/);
  });
});

describe('an import fails', () => {
  test.each([
    ['for no file that is not DICOM', [notes, directory], undefined],
    ['for a DICOM file', [notes, cut], '1 DICOM file could not go in; the reason is above.'],
    ['for several DICOM files', [cut, cut], '2 DICOM files could not go in; their reasons are above.'],
    ['for a path that cannot be read', [missing], '1 path could not be read; the reason is above.'],
    [
      'for both',
      [cut, missing, cut],
      '2 DICOM files could not go in and 1 path could not be read; their reasons are above.',
    ],
  ])('%s', (_title, leftOut, line) => {
    expect(failureLine(summary(1, ...leftOut))).toBe(line);
  });
});
