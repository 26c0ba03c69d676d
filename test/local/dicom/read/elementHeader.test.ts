import { describe, expect, test } from '@jest/globals';

import { ByteWindow } from '../../../../src/local/dicom/read/byteWindow.ts';
import { readElementHeader } from '../../../../src/local/dicom/read/elementHeader.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  type ElementEncoding,
} from '../../../../src/local/dicom/transferSyntax.ts';

function headerOf(hexadecimal: string, encoding: ElementEncoding, signedPixels?: boolean) {
  const bytes = Buffer.from(hexadecimal.replaceAll(' ', ''), 'hex');
  const { vr, ...header } = readElementHeader(ByteWindow.overBytes(bytes), 0, encoding, signedPixels);
  return { ...header, vr: vr.name };
}

describe('the header of an element', () => {
  test.each([
    ['explicit VR, short form', '1000 1000 504e 0a00', explicitLittleEndian],
    ['explicit VR, short form, big endian', '0010 0010 504e 000a', explicitBigEndian],
    ['implicit VR', '1000 1000 0a000000', implicitLittleEndian],
    ['implicit VR in an explicit syntax', '1000 1000 0a000000', explicitLittleEndian],
  ])('takes eight bytes: %s', (_title, bytes, encoding) => {
    expect(headerOf(bytes, encoding)).toEqual({
      tag: 0x00100010,
      vr: 'PN',
      vrName: 'PN',
      length: 10,
      start: 0,
      valueStart: 8,
    });
  });

  test.each([
    ['little endian', 'e07f 1000 4f57 0000 00010200', explicitLittleEndian],
    ['big endian', '7fe0 0010 4f57 0000 00020100', explicitBigEndian],
  ])('takes twelve bytes in the long form of explicit VR: %s', (_title, bytes, encoding) => {
    expect(headerOf(bytes, encoding)).toEqual({
      tag: 0x7fe00010,
      vr: 'OW',
      vrName: 'OW',
      length: 0x20100,
      start: 0,
      valueStart: 12,
    });
  });

  test.each([
    ['an item of undefined length', 'feff 00e0 ffffffff', { tag: 0xfffee000, length: 0xffffffff }],
    ['an item whose length looks like a VR', 'feff 00e0 504e0000', { tag: 0xfffee000, length: 0x4e50 }],
    ['a delimiter', 'feff dde0 00000000', { tag: 0xfffee0dd, length: 0 }],
  ])('has no VR for items and delimiters: %s', (_title, bytes, expected) => {
    expect(headerOf(bytes, explicitLittleEndian)).toMatchObject({ ...expected, valueStart: 8 });
  });

  test('follows Pixel Representation where implicit VR is ambiguous', () => {
    const smallestPixelValue = '2800 0601 02000000';
    expect(
      [false, true].map((signed) => headerOf(smallestPixelValue, implicitLittleEndian, signed).vr),
    ).toEqual(['US', 'SS']);
  });

  test('must be whole', () => {
    expect(() => headerOf('1000 1000 504e', explicitLittleEndian)).toThrow('Expected more bytes');
    expect(() => headerOf('e07f 1000 4f57 0000 0001', explicitLittleEndian)).toThrow('Expected more bytes');
  });
});
