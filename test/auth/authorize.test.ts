import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { grantOf, principalOf, type AuthorizationOptions } from '../../src/auth/authorize.ts';

const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
const options: AuthorizationOptions = {
  datastoreIds: [first, second],
  patientClaim: 'patient',
  datastoresClaim: undefined,
  tenantClaim: undefined,
};
const everything = { search: true, read: true, patientId: undefined, datastoreIds: [first, second] };
const nothing = { ...everything, search: false, read: false };

describe('grantOf', () => {
  test('adds up what the scopes grant, from scope and scp, as a string or a list', () => {
    expect(grantOf({ scope: 'openid user/ImagingStudy.s user/ImagingStudy.r' }, options)).toEqual(everything);
    expect(grantOf({ scope: ['user/ImagingStudy.rs'] }, options)).toEqual(everything);
    expect(grantOf({ scp: ['system/ImagingStudy.s'], scope: 'user/*.r' }, options)).toEqual(everything);
    expect(grantOf({ scp: 'user/*.read' }, options)).toEqual(everything);
  });

  test('grants nothing without scopes, or with scopes in another form', () => {
    for (const scope of [undefined, null, 7, '', {}, [7, null], 'user/ImagingStudy.rs,openid']) {
      expect(grantOf({ scope }, options)).toEqual(nothing);
    }
  });

  test('confines everything to the patient of the launch as soon as one scope is a patient scope', () => {
    const confined = { ...everything, patientId: 'P1' };
    expect(grantOf({ scope: 'patient/ImagingStudy.rs', patient: 'P1' }, options)).toEqual(confined);
    expect(grantOf({ scope: 'user/ImagingStudy.rs patient/ImagingStudy.s', patient: 'P1' }, options)).toEqual(
      confined,
    );
  });

  test.each<[string, string, string]>([
    ['patient/ImagingStudy.rs', 'all of P1', 'nothing'],
    ['patient/ImagingStudy.s', 'search of P1', 'nothing'],
    ['user/ImagingStudy.rs', 'all', 'all'],
    ['system/*.read', 'all', 'all'],
    ['patient/Observation.rs', 'nothing', 'nothing'],
    ['user/Observation.rs', 'nothing', 'nothing'],
    ['patient/Observation.rs user/ImagingStudy.rs', 'all of P1', 'all'],
    ['user/ImagingStudy.rs patient/Observation.read', 'all of P1', 'all'],
    ['patient/ImagingStudy.rs?modality=CT user/*.rs', 'all of P1', 'all'],
    ['patient/*.rs?status=available system/*.rs', 'all of P1', 'all'],
    ['patient/ImagingStudy.rs?modality=CT', 'nothing', 'nothing'],
    ['user/ImagingStudy.rs?modality=CT', 'nothing', 'nothing'],
    ['user/ImagingStudy.s user/ImagingStudy.r?modality=CT', 'search', 'search'],
    ['Patient/ImagingStudy.rs user/*.rs', 'all of P1', 'all'],
    ['patient/ user/*.rs', 'all of P1', 'all'],
    ['launch/patient user/*.rs', 'all', 'all'],
    ['patient/ImagingStudy.rs patient/ImagingStudy.rs user/*.s', 'all of P1', 'search'],
    ['xpatient/ImagingStudy.rs user/*.rs', 'all', 'all'],
  ])('of %j gives %s with a patient claim, and %s without', (scope, withPatient, without) => {
    const named = ({ search, read, patientId }: ReturnType<typeof grantOf>) => {
      const what = search && read ? 'all' : search ? 'search' : read ? 'read' : 'nothing';
      return patientId === undefined || what === 'nothing' ? what : `${what} of ${patientId}`;
    };
    expect(named(grantOf({ scope, patient: 'P1' }, options))).toBe(withPatient);
    expect(named(grantOf({ scope }, options))).toBe(without);
  });

  test('is never widened by a scope with parameters, of another resource or in another form', () => {
    const scopes = fc.array(
      fc.constantFrom('patient/ImagingStudy.rs', 'user/ImagingStudy.s', 'user/*.r', 'system/*.rs', 'openid'),
      { maxLength: 4 },
    );
    const odd = fc.oneof(
      fc.constantFrom(
        'patient/Observation.rs',
        'user/Patient.cruds',
        'launch/patient',
        'patient/',
        'user/ImagingStudy',
      ),
      fc
        .tuple(
          fc.constantFrom('patient', 'user', 'system'),
          fc.constantFrom('ImagingStudy', '*', 'Observation'),
          fc.string({ unit: 'grapheme-ascii' }),
        )
        .map(([level, resource, text]) => `${level}/${resource}.rs?${text.replaceAll(' ', '')}`),
      fc.string().filter((text) => !/^(patient|user|system)\/(ImagingStudy|\*)\./.test(text)),
    );
    fc.assert(
      fc.property(scopes, odd, fc.option(fc.constantFrom<unknown>('P1', 7, '')), (given, added, patient) => {
        const before = grantOf({ scope: given, patient }, options);
        const after = grantOf({ scope: [...given, added], patient }, options);
        expect([
          Number(after.search) <= Number(before.search),
          Number(after.read) <= Number(before.read),
        ]).toEqual([true, true]);
        if (before.patientId !== undefined) expect(after.patientId).toBe(before.patientId);
      }),
    );
  });

  test.each<[string, unknown]>([
    ['two in one item of a list', ['user/*.rs', 'openid patient/ImagingStudy.rs']],
    ['a space before', ['user/*.rs', ' patient/ImagingStudy.rs']],
    ['a tab', 'user/*.rs openid\tpatient/ImagingStudy.rs'],
    ['a line break', 'user/*.rs \npatient/ImagingStudy.rs'],
    ['a comma', 'user/*.rs openid,patient/ImagingStudy.rs'],
    ['quotation marks', 'user/*.rs "patient/ImagingStudy.rs"'],
    ['a list in a list', ['user/*.rs', ['patient/ImagingStudy.rs']]],
    ['an object', ['user/*.rs', { scope: 'Patient/ImagingStudy.rs' }]],
  ])('a patient scope confines wherever it stands: %s', (_how, scope) => {
    for (const claims of [{ scope }, { scp: scope }, { scope: 'user/*.rs', scp: scope }])
      expect(grantOf({ ...claims, patient: 'P1' }, options)).toEqual({ ...everything, patientId: 'P1' });
  });

  test('in a launch without a patient, a patient scope grants nothing and confines nothing', () => {
    for (const patient of [undefined, null]) {
      expect(grantOf({ scope: 'patient/ImagingStudy.rs', patient }, options)).toEqual(nothing);
      expect(grantOf({ scope: 'patient/ImagingStudy.rs user/ImagingStudy.rs', patient }, options)).toEqual(
        everything,
      );
    }
  });

  test('with a patient that no search can be confined to, nothing is granted, whatever the other scopes', () => {
    for (const patient of [7, 0, false, ['P1'], { id: 'P1' }, '', ' ', 'x'.repeat(513)]) {
      for (const scope of ['patient/ImagingStudy.rs', 'patient/ImagingStudy.rs user/ImagingStudy.rs']) {
        expect(grantOf({ scope, patient }, options)).toEqual(nothing);
      }
      expect(grantOf({ scope: 'user/ImagingStudy.rs', patient }, options)).toEqual(everything);
    }
  });

  test('accepts a Patient ID of 512 characters, the longest that can be searched', () => {
    const patient = 'x'.repeat(512);
    expect(grantOf({ scope: 'patient/ImagingStudy.rs', patient }, options).patientId).toBe(patient);
  });

  test('reads the patient from the configured claim, and not from inherited properties', () => {
    const mrn = { ...options, patientClaim: 'https://hospital.example/mrn' };
    const claims = { scope: 'patient/*.rs', patient: 'P1', 'https://hospital.example/mrn': 'M1' };
    expect(grantOf(claims, mrn).patientId).toBe('M1');
    expect(grantOf({ scope: 'patient/*.rs' }, { ...options, patientClaim: 'toString' })).toEqual(nothing);
  });

  test('data stores by claim are a part of the configured ones, in their order', () => {
    const claimed = { ...options, datastoresClaim: 'stores' };
    const of = (stores: unknown) => grantOf({ scope: 'user/*.rs', stores }, claimed).datastoreIds;
    expect(of([second, first, 'c'.repeat(32)])).toEqual([first, second]);
    expect(of(`${second} other`)).toEqual([second]);
    for (const none of [undefined, null, '', [], {}, `${first},${second}`, [[first]]])
      expect(of(none)).toEqual([]);
  });
});

describe('principalOf', () => {
  const claims = { iss: 'https://issuer.example', sub: 'user-1', scope: 'user/*.rs' };

  test('names the subject within its issuer', () => {
    expect(principalOf({ ...claims, client_id: 'viewer' }, options)).toEqual({
      id: '["https://issuer.example","user-1"]',
      tenant: '',
      issuer: 'https://issuer.example',
      subject: 'user-1',
      clientId: 'viewer',
      grant: everything,
    });
    expect(principalOf({ ...claims, azp: 'worklist' }, options)?.clientId).toBe('worklist');
  });

  test('different pairs of issuer and subject have different ids', () => {
    const idOf = (iss: string, sub: string) => principalOf({ iss, sub }, options)?.id;
    expect(idOf('a","b', 'c')).not.toBe(idOf('a', 'b","c'));
  });

  test('is undefined without an issuer, a subject, or a tenant where there are tenants', () => {
    for (const faulty of [{ iss: undefined }, { iss: 7 }, { sub: undefined }, { sub: '' }, { sub: 7 }]) {
      expect(principalOf({ ...claims, ...faulty }, options)).toBeUndefined();
    }
    const tenants = { ...options, tenantClaim: 'tenant' };
    expect(principalOf(claims, tenants)).toBeUndefined();
    expect(principalOf({ ...claims, tenant: ['north'] }, tenants)).toBeUndefined();
    expect(principalOf({ ...claims, tenant: 'north' }, tenants)?.tenant).toBe('north');
  });
});
