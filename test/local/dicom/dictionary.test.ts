import { describe, expect, test } from '@jest/globals';

import { dictionaryEntry, tagOfKeyword } from '../../../src/local/dicom/dictionary.ts';

describe('the dictionary', () => {
  test('has attributes, repeating groups and the meta header', () => {
    expect(['00100010', '60FE3000', '50040005', '00020010', '7FE00010'].map(dictionaryEntry)).toEqual([
      { keyword: 'PatientName', vr: 'PN' },
      { keyword: 'OverlayData', vr: 'OB or OW' },
      { keyword: 'CurveDimensions', vr: 'US' },
      { keyword: 'TransferSyntaxUID', vr: 'UI' },
      { keyword: 'PixelData', vr: 'OB or OW' },
    ]);
  });

  test('has no odd groups and no unknown attributes', () => {
    expect(['60013000', '00090010', '00081FFF', ''].map(dictionaryEntry)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(tagOfKeyword('NoSuchKeyword')).toBeUndefined();
  });
});
