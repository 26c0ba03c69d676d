import { describe, expect, test } from '@jest/globals';

import { elementText } from '../../../../src/local/dicom/dataset.ts';
import { toMetadata } from '../../../../src/local/dicom/metadata.ts';
import { readP10Bytes } from '../../../../src/local/dicom/read/readP10.ts';
import { transferSyntaxes } from '../../../../src/local/dicom/transferSyntax.ts';
import {
  dicomFile,
  element,
  identifiers,
  implicitElement,
  itemDelimiter,
  metaHeader,
  preambleAndPrefix,
  sequenceDelimiter,
  undefinedLength,
} from '../../../support/dicom/dicomBuilder.ts';

const { sopInstance, study, series } = identifiers;
const explicitMeta = Buffer.concat([preambleAndPrefix, metaHeader(transferSyntaxes.explicitLittleEndian)]);

/** A file in explicit VR little endian: the three identifiers, with elements between them. */
function explicitFile(...elements: Buffer[]): Buffer {
  return Buffer.concat([explicitMeta, sopInstance, ...elements, study, series]);
}

describe('reads what some devices write:', () => {
  const bare = Buffer.concat([
    element('00080005', 'CS', Buffer.from('ISO_IR 100')),
    element('00080016', 'UI', Buffer.from('1.2.840.10008.5.1.4.1.1.2\0')),
    sopInstance,
    study,
    series,
  ]);
  const bareImplicit = Buffer.concat([
    implicitElement('00080005', Buffer.from('ISO_IR 100')),
    implicitElement('00080018', Buffer.from('1.2.3.4.5\0')),
    implicitElement('0020000D', Buffer.from('1.2.3\0')),
    implicitElement('0020000E', Buffer.from('1.2.3.4\0')),
  ]);

  test.each([
    ['without preamble', dicomFile().subarray(128), transferSyntaxes.explicitLittleEndian],
    ['without preamble and prefix', dicomFile().subarray(132), transferSyntaxes.explicitLittleEndian],
    ['without meta header, explicit', bare, transferSyntaxes.explicitLittleEndian],
    ['without meta header, implicit', bareImplicit, transferSyntaxes.implicitLittleEndian],
    [
      'with a prefix but no meta header',
      Buffer.concat([preambleAndPrefix, bareImplicit]),
      transferSyntaxes.implicitLittleEndian,
    ],
    [
      'with a meta header that names no transfer syntax',
      Buffer.concat([preambleAndPrefix, element('00020001', 'OB', Buffer.of(0, 1)), bareImplicit]),
      transferSyntaxes.implicitLittleEndian,
    ],
    [
      'explicit VR declared as implicit',
      Buffer.concat([preambleAndPrefix, metaHeader(transferSyntaxes.implicitLittleEndian), bare]),
      transferSyntaxes.implicitLittleEndian,
    ],
    [
      'implicit VR declared as explicit',
      Buffer.concat([explicitMeta, bareImplicit]),
      transferSyntaxes.explicitLittleEndian,
    ],
  ])('%s', (_, file, transferSyntaxUid) => {
    expect(readP10Bytes(file)).toMatchObject({
      transferSyntaxUid,
      sopInstanceUid: '1.2.3.4.5',
      seriesInstanceUid: '1.2.3.4',
      studyInstanceUid: '1.2.3',
    });
  });

  test('big endian without meta header', () => {
    const withMeta = dicomFile({}, { transferSyntaxUid: transferSyntaxes.explicitBigEndian });
    const start = withMeta.indexOf(Buffer.from('00080016', 'hex'));
    expect(readP10Bytes(withMeta.subarray(start)).transferSyntaxUid).toBe(transferSyntaxes.explicitBigEndian);
  });

  test('UN of undefined length, as implicit items (PS3.5 6.2.2)', () => {
    const item = implicitElement('FFFEE000', implicitElement('00080100', Buffer.from('CODE')));
    const sequence = element('00081032', 'UN', Buffer.concat([item, sequenceDelimiter]), undefinedLength);
    expect(toMetadata(readP10Bytes(explicitFile(sequence)).dataset)).toMatchObject({
      ProcedureCodeSequence: [{ CodeValue: 'CODE' }],
    });
  });

  test('UN with a length, as what the dictionary says', () => {
    const item = implicitElement('FFFEE000', implicitElement('00080100', Buffer.from('CODE')));
    const file = explicitFile(
      element('00081030', 'UN', Buffer.from('BRAIN ')),
      element('00081032', 'UN', item),
      element('00081110', 'UN', Buffer.from('no items at all')),
      element('00091001', 'UN', Buffer.from('private ')),
    );
    expect(toMetadata(readP10Bytes(file).dataset)).toEqual({
      SOPInstanceUID: '1.2.3.4.5',
      StudyDescription: 'BRAIN',
      ProcedureCodeSequence: [{ CodeValue: 'CODE' }],
      StudyInstanceUID: '1.2.3',
      SeriesInstanceUID: '1.2.3.4',
    });
  });

  test('implicit items within explicit sequences', () => {
    const item = implicitElement('FFFEE000', implicitElement('00080100', Buffer.from('CODE')));
    const file = explicitFile(element('00081032', 'SQ', item));
    expect(toMetadata(readP10Bytes(file).dataset)).toMatchObject({
      ProcedureCodeSequence: [{ CodeValue: 'CODE' }],
    });
  });

  test('a delimiter after an item and after a sequence with a length', () => {
    const item = implicitElement(
      'FFFEE000',
      Buffer.concat([element('00080100', 'SH', Buffer.from('CODE')), itemDelimiter]),
    );
    const file = explicitFile(element('00081032', 'SQ', Buffer.concat([item, sequenceDelimiter])));
    expect(toMetadata(readP10Bytes(file).dataset)).toMatchObject({
      ProcedureCodeSequence: [{ CodeValue: 'CODE' }],
    });
  });

  test('private sequences and private bulk data of undefined length', () => {
    const item = implicitElement('FFFEE000', element('00091002', 'LO', Buffer.from('IN')));
    const fragments = Buffer.concat([implicitElement('FFFEE000', Buffer.alloc(3)), sequenceDelimiter]);
    const file = explicitFile(
      element('00090010', 'LO', Buffer.from('SAMPLE')),
      element('00091001', 'SQ', Buffer.concat([item, sequenceDelimiter]), undefinedLength),
      element('00091003', 'OB', fragments, undefinedLength),
    );
    expect(toMetadata(readP10Bytes(file).dataset)).toMatchObject({
      '00090010': 'SAMPLE',
      '00091001': [{ '00091002': 'IN' }],
    });
  });

  test('unknown value representations, with a 16-bit length', () => {
    const file = explicitFile(element('00081030', 'ZZ', Buffer.from('BRAIN ')));
    expect(elementText(readP10Bytes(file).dataset, '00081030')).toBe('BRAIN');
  });

  test('odd lengths, null padding, leading spaces, empty values', () => {
    const file = explicitFile(
      element('00081030', 'LO', Buffer.from(' BRAIN\0')),
      element('00100010', 'PN', Buffer.from('Sample^Ada==')),
      element('00100020', 'LO', Buffer.from('1 \\\\ 2\0 ')),
      element('00100040', 'CS', Buffer.from('   ')),
      element('00104000', 'LT', Buffer.from(' a\\b ')),
    );
    const { dataset } = readP10Bytes(file);
    expect(
      ['00081030', '00100010', '00100020', '00100030', '00100040', '00104000'].map((tag) =>
        elementText(dataset, tag),
      ),
    ).toEqual([' BRAIN', 'Sample^Ada', '1\\\\ 2', undefined, '', ' a\\b']);
  });

  test('elements, padding and zeros after the pixel data', () => {
    const file = Buffer.concat([dicomFile(), element('FFFCFFFC', 'OB', Buffer.alloc(6)), Buffer.alloc(512)]);
    const instance = readP10Bytes(file);
    expect([...instance.dataset.keys()].slice(-2)).toEqual(['7FE00010', 'FFFCFFFC']);
    expect(instance.digest).toBe(readP10Bytes(dicomFile()).digest);
  });

  test('an icon with its own pixel data before the pixel data', () => {
    const icon = { Rows: 2, Columns: 2, PixelData: { vr: 'OB', value: Buffer.alloc(4) } };
    const { frameCount, dataset } = readP10Bytes(dicomFile({ IconImageSequence: { items: [icon] } }));
    expect(frameCount).toBe(1);
    expect(toMetadata(dataset)).toMatchObject({ IconImageSequence: [{ Rows: 2, Columns: 2 }] });
  });

  test('items with a character set of their own, and items that inherit one', () => {
    const { dataset } = readP10Bytes(
      dicomFile({
        SpecificCharacterSet: 'ISO_IR 144',
        StudyDescription: 'Образец',
        ReferencedStudySequence: {
          items: [
            { StudyDescription: 'Образец' },
            { SpecificCharacterSet: 'ISO_IR 126', StudyDescription: 'Δείγμα' },
            { StudyDescription: 'Образец' },
          ],
        },
      }),
    );
    expect(toMetadata(dataset)).toMatchObject({
      StudyDescription: 'Образец',
      ReferencedStudySequence: [
        { StudyDescription: 'Образец' },
        { StudyDescription: 'Δείγμα' },
        { StudyDescription: 'Образец' },
      ],
    });
  });

  test('64-bit integers, as numbers if exact, otherwise as digits', () => {
    const file = dicomFile({
      '00091001': { vr: 'UV', value: ['9007199254740991', '18446744073709551615'] },
      '00091002': { vr: 'SV', value: ['-1', '-9223372036854775808'] },
    });
    expect(toMetadata(readP10Bytes(file).dataset)).toMatchObject({
      '00091001': [9007199254740991, '18446744073709551615'],
      '00091002': [-1, '-9223372036854775808'],
    });
  });
});
