import { describe, expect, test } from '@jest/globals';

import { dictionaryEntry, tagOfKeyword } from '../../../src/local/dicom/dictionary.ts';

describe('the dictionary', () => {
  test('has attributes, repeating groups and the meta header', () => {
    expect(['00100010', '60FE3000', '50040005', '00020010', '7FE00010'].map(dictionaryEntry)).toEqual([
      { keyword: 'PatientName', vr: 'PN', vm: '1' },
      { keyword: 'OverlayData', vr: 'OB or OW', vm: '1' },
      { keyword: 'CurveDimensions', vr: 'US', vm: '1' },
      { keyword: 'TransferSyntaxUID', vr: 'UI', vm: '1' },
      { keyword: 'PixelData', vr: 'OB or OW', vm: '1' },
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
