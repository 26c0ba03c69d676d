import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { confineToPatient } from '../../../src/search/filter/confineToPatient.ts';
import type { SearchFilter } from '../../../src/search/filter/criteria.ts';

const patient = (id: string) => ({ operator: 'EQUAL', values: [{ DICOMPatientId: id }] }) as const;
const primary = { operator: 'EQUAL', values: [{ isPrimary: true }] } as const;
const study = { operator: 'EQUAL', values: [{ DICOMStudyId: 'S1' }] } as const;
const sort = { sortField: 'createdAt', sortOrder: 'ASC' } as const;

test('the patient becomes a condition of every search, and the sort stays', () => {
  expect(confineToPatient({}, 'P1')).toStrictEqual({ filters: [patient('P1')] });
  expect(confineToPatient({ filters: [primary], sort }, 'P1')).toEqual({
    filters: [patient('P1'), primary],
    sort,
  });
});

test('a search for the patient is the same search', () => {
  expect(confineToPatient({ filters: [patient('P1')] }, 'P1')).toEqual({ filters: [patient('P1')] });
  expect(confineToPatient({ filters: [primary, patient('P1')] }, 'P1')).toEqual({
    filters: [patient('P1'), primary],
  });
});

test('a search for another patient asks for both, without its other condition', () => {
  const both = { filters: [patient('P1'), patient('P2')] };
  expect(confineToPatient({ filters: [patient('P2')] }, 'P1')).toEqual(both);
  expect(confineToPatient({ filters: [primary, patient('P2')] }, 'P1')).toEqual(both);
});

test('two conditions beside the patient are refused', () => {
  expect(() => confineToPatient({ filters: [primary, study] }, 'P1')).toThrow(
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      message: 'filter: expected at most one condition, since the patient of your access token is the other.',
    }),
  );
});

test('any filter has the patient first and at most one condition more, or is refused', () => {
  const filter = fc.constantFrom<SearchFilter>(patient('P1'), patient('P2'), primary, study);
  fc.assert(
    fc.property(filter, filter, (one, other) => {
      const refused = ![one, other].some((each) => 'DICOMPatientId' in each.values[0]);
      const confine = () => confineToPatient({ filters: [one, other] }, 'P1').filters ?? [];
      if (refused) {
        expect(confine).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
        return;
      }
      expect(confine()[0]).toEqual(patient('P1'));
      expect(confine().length).toBeLessThanOrEqual(2);
    }),
  );
});
