import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';

import { DicomFileError } from '../../../src/local/dicom/read/dicomFileError.ts';
import { readP10 } from '../../../src/local/dicom/read/readP10.ts';
import { summaryTags, type SummaryTags } from '../../../src/local/dicom/summaryTags.ts';

// The files of test/local/import/cases, each of a kind that readers fail on: what is read here, beside what dcmtk and pydicom read.

interface Verdict {
  readonly path: string;
  readonly pydicom: { readonly error?: string; readonly tags?: SummaryTags };
  readonly dcmdump: { readonly reads: boolean; readonly tags?: SummaryTags };
}

const folder = join(import.meta.dirname, '../../local/import/cases/dicom');

let verdicts: Verdict[];
beforeAll(() => {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const output = execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'thirdPartyDicom.py')], {
    input: paths.join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  verdicts = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}, 120_000);

/** What others read and is not read here, or in another way. */
const ownReading: Readonly<Record<string, string>> = {
  'cs-ir87-no-return': 'pydicom leaves the escapes; dcmtk and ours decode the name',
  'cs-latin1-in-192': 'both make one patient of two; here the bytes are kept apart',
  'cs-latin1-in-192-b': 'both make one patient of two; here the bytes are kept apart',
  'prealloc-header-cut': 'pydicom reads half a Series Instance UID; dcmtk and ours refuse',
  'val-modality-long40': "cut to the service model's maximum",
  'val-pid-long600': "longer than the service model's maximum: left out",
  'val-sex-long40': "cut to the service model's maximum",
  'val-studytime-long60': "cut to the service model's maximum",
};

test('every file that one of them reads is read, as they read it', async () => {
  const differing: string[] = [];
  for (const { path, pydicom, dcmdump } of verdicts) {
    const ours = await readP10(path).catch((error: unknown) => {
      if (error instanceof DicomFileError) return undefined;
      throw error;
    });
    const tags = ours && summaryTags(ours.dataset);
    const textOf = (value: string | number | undefined) => String(value ?? '').trim();
    const agrees = [pydicom.tags ?? {}, dcmdump.tags ?? {}].every((read) =>
      Object.entries(read).every(
        ([name, value]) => tags !== undefined && textOf(tags[name as keyof SummaryTags]) === textOf(value),
      ),
    );
    const isRead = pydicom.error === undefined || dcmdump.reads;
    if (!agrees || (isRead && ours === undefined)) differing.push(basename(path, '.dcm'));
  }
  expect(differing.sort()).toEqual(Object.keys(ownReading).sort());
});

test('and so are those that neither reads', async () => {
  const neither = verdicts.filter(({ pydicom, dcmdump }) => pydicom.error !== undefined && !dcmdump.reads);
  expect(neither.map(({ path }) => basename(path, '.dcm')).sort()).toEqual([
    'future-vr-XX-32bit-undef',
    ...['vr-OX', 'vr-RE', 'vr-ZZ', 'vrfirst-OX', 'vrfirst-RE', 'vrfirst-ZZ'],
  ]);
  for (const { path } of neither) {
    const { dataset } = await readP10(path);
    expect(summaryTags(dataset)).toMatchObject({ DICOMPatientId: `PID-${basename(path, '.dcm')}` });
  }
});
