import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { toMetadata } from '../../../../src/local/dicom/metadata.ts';
import { readP10Bytes } from '../../../../src/local/dicom/read/readP10.ts';
import { transferSyntaxes } from '../../../../src/local/dicom/transferSyntax.ts';
import { writeP10, type DatasetInput } from '../../../../src/local/dicom/write/writeP10.ts';
import { ctImage } from '../../../support/dicom/dicomBuilder.ts';

describe('writeP10', () => {
  test('writes the preamble, the prefix, and a meta header with its group length', () => {
    const file = writeP10({ SOPClassUID: '1.2', SOPInstanceUID: '1.2.3' });
    const groupLength = file.readUInt32LE(140);
    const dataset = file.subarray(144 + groupLength);
    expect(file.subarray(0, 132)).toEqual(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]));
    expect(file.subarray(132, 140).toString('hex')).toBe('02000000554c0400');
    expect(dataset.toString('latin1')).toBe(
      '\x08\x00\x16\x00UI\x04\x001.2\0\x08\x00\x18\x00UI\x06\x001.2.3\0',
    );
  });

  test('writes elements in the order of their tags, also within items', () => {
    const file = writeP10({
      ...ctImage,
      RequestAttributesSequence: { items: [{ '00400009': 'b', '00321060': 'a' }] },
    });
    const { dataset } = readP10Bytes(file);
    expect([...dataset.keys()]).toEqual([...dataset.keys()].sort());
    expect(JSON.stringify(toMetadata(dataset))).toContain(
      '[{"RequestedProcedureDescription":"a","ScheduledProcedureStepID":"b"}]',
    );
  });

  test('writes lookup tables as signed when a value is negative', () => {
    const file = writeP10({ ...ctImage, SmallestImagePixelValue: 5, LargestImagePixelValue: -5 });
    const { dataset } = readP10Bytes(file);
    expect([dataset.get('00280106'), dataset.get('00280107')]).toEqual([
      { vr: 'US', values: [5] },
      { vr: 'SS', values: [-5] },
    ]);
  });

  test.each<[string, DatasetInput]>([
    ['a keyword that the dictionary does not have', { NoSuchKeyword: 'x' }],
    ['a number beyond its value representation', { Rows: 70000 }],
    ['a text longer than its length can say', { StudyDescription: 'x'.repeat(70_000) }],
    ['text beyond its character set', { SpecificCharacterSet: 'ISO_IR 100', PatientName: '山' }],
    ['text for bulk', { '00091001': { vr: 'OB', value: 'x' } }],
    ['a character set that is no text', { SpecificCharacterSet: Buffer.from('ISO_IR 100') }],
  ])('refuses %s', (_, elements) => {
    expect(() => writeP10({ ...ctImage, ...elements })).toThrow(RangeError);
  });

  test('is the inverse of readP10Bytes, in every transfer syntax and form', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', 'X', '^', '=', 'é', 'Ж', '山', '한', '𝄞'), { maxLength: 20 })
      .map((characters) =>
        characters
          .join('')
          .replace(/[\s=]+$/, '')
          .trim(),
      );
    const leaf = fc.record({
      PatientName: text,
      StudyDescription: text,
      Rows: fc.nat(65535),
      ReferencePixelX0: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      RealWorldValueSlope: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    const syntax = fc.constantFrom(...Object.values(transferSyntaxes));
    fc.assert(
      fc.property(leaf, leaf, syntax, fc.boolean(), (outer, inner, transferSyntaxUid, undefinedLengths) => {
        const input = {
          ...ctImage,
          ...outer,
          SpecificCharacterSet: 'ISO_IR 192',
          ReferencedStudySequence: { items: [inner, {}, { ReferencedStudySequence: { items: [inner] } }] },
        };
        const { dataset } = readP10Bytes(writeP10(input, { transferSyntaxUid, undefinedLengths }));
        expect(toMetadata(dataset)).toMatchObject({
          ...shown(outer),
          ReferencedStudySequence: [shown(inner), {}, { ReferencedStudySequence: [shown(inner)] }],
        });
      }),
      { numRuns: 60 },
    );
  });
});

/** Empty text is read as no value. */
function shown(values: Record<string, string | number>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === '' ? null : value]));
}
