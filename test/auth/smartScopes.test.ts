import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { imagingScopeOf } from '../../src/auth/smartScopes.ts';

test.each([
  ['user/ImagingStudy.rs', { level: 'user', search: true, read: true }],
  ['user/ImagingStudy.r', { level: 'user', search: false, read: true }],
  ['system/ImagingStudy.s', { level: 'system', search: true, read: false }],
  ['patient/ImagingStudy.cruds', { level: 'patient', search: true, read: true }],
  ['user/*.cus', { level: 'user', search: true, read: false }],
  ['user/ImagingStudy.read', { level: 'user', search: true, read: true }],
  ['system/*.*', { level: 'system', search: true, read: true }],
])('%s grants what SMART says', (scope, granted) => {
  expect(imagingScopeOf(scope)).toEqual(granted);
});

test.each([
  '',
  'openid',
  'launch/patient',
  'user/ImagingStudy',
  'user/ImagingStudy.',
  'user/ImagingStudy.write',
  'user/ImagingStudy.cud',
  'user/ImagingStudy.sr',
  'user/ImagingStudy.rr',
  'user/ImagingStudy.rs?modality=CT',
  'user/ImagingStudy.rs ',
  'user/ImagingStudy.rs\n',
  'xuser/ImagingStudy.rs',
  'openid user/ImagingStudy.rs',
  'USER/ImagingStudy.rs',
  'user/imagingstudy.rs',
  'user/ImagingStudyX.rs',
  'user/Patient.rs',
  'admin/ImagingStudy.rs',
  'user/ImagingStudy.readwrite',
])('%j grants nothing of image sets', (scope) => {
  expect(imagingScopeOf(scope)).toBeUndefined();
});

test('any other string grants nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      fc.pre(!/^(patient|user|system)\/(ImagingStudy|\*)\./.test(text));
      expect(imagingScopeOf(text)).toBeUndefined();
    }),
  );
});
