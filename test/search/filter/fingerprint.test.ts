import { describe, expect, test } from '@jest/globals';

import type { SearchCriteria } from '../../../src/search/filter/criteria.ts';
import { toSearchCriteria } from '../../../src/search/filter/filter.ts';
import { canonicalCriteria, fingerprint, fingerprintOf } from '../../../src/search/filter/fingerprint.ts';

const patient = { patientId: { equal: 'P1' } };
const primary = { isPrimary: { equal: true } };

describe('a fingerprint', () => {
  test('has 16 bytes, the same for the same search', () => {
    const criteria = toSearchCriteria(patient, { field: 'CREATED_AT' });
    expect(fingerprint(criteria)).toHaveLength(16);
    expect(fingerprint(criteria)).toEqual(
      fingerprint(toSearchCriteria({ and: [patient] }, { field: 'CREATED_AT' })),
    );
  });

  test('does not depend on the order of conditions', () => {
    const [one, other] = [
      [patient, primary],
      [primary, patient],
    ].map((and) => toSearchCriteria({ and }, null));
    expect(canonicalCriteria(one ?? {})).toBe(canonicalCriteria(other ?? {}));
  });

  test('does not depend on the order of members', () => {
    const values = [{ DICOMStudyDateAndTime: { DICOMStudyTime: '1', DICOMStudyDate: '2' } }] as const;
    const reordered = [{ DICOMStudyDateAndTime: { DICOMStudyDate: '2', DICOMStudyTime: '1' } }] as const;
    expect(canonicalCriteria({ filters: [{ operator: 'EQUAL', values }] })).toBe(
      canonicalCriteria({ filters: [{ values: reordered, operator: 'EQUAL' }] }),
    );
  });

  test('differs between searches that ask HealthImaging for different rows', () => {
    const noon = new Date('2026-11-24T12:00:00Z');
    const searches: SearchCriteria[] = [
      toSearchCriteria(null, null),
      toSearchCriteria(null, {}),
      toSearchCriteria(null, { order: 'ASC' }),
      toSearchCriteria(null, { field: 'CREATED_AT' }),
      toSearchCriteria(patient, null),
      toSearchCriteria(patient, {}),
      toSearchCriteria({ patientId: { equal: 'P2' } }, null),
      toSearchCriteria({ studyId: { equal: 'P1' } }, null),
      toSearchCriteria(primary, null),
      toSearchCriteria({ isPrimary: { equal: false } }, null),
      toSearchCriteria({ and: [patient, primary] }, null),
      toSearchCriteria({ and: [patient, patient] }, null),
      toSearchCriteria({ createdAt: { equal: noon } }, null),
      toSearchCriteria({ updatedAt: { equal: noon } }, null),
      toSearchCriteria({ updatedAt: { between: { from: noon, to: noon } } }, null),
      toSearchCriteria({ patientId: { equal: noon.toISOString() } }, null),
      toSearchCriteria({ studyDateAndTime: { equal: { date: '20261124' } } }, null),
      toSearchCriteria({ studyDateAndTime: { equal: { date: '20261124', time: '000000' } } }, null),
    ];
    const prints = new Set(searches.map((criteria) => fingerprint(criteria).toString('hex')));
    expect(prints.size).toBe(searches.length);
  });

  test('differs between kinds of lists', () => {
    expect(fingerprintOf('versions', 'x')).not.toEqual(fingerprintOf('imageSets', 'x'));
    expect(fingerprintOf('a', 'b"],["c')).not.toEqual(fingerprintOf('a"],["b', 'c'));
  });
});
