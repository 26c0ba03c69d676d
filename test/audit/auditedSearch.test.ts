import { describe, expect, test } from '@jest/globals';

import { createKeyedHash } from '../../src/audit/keyedHash.ts';
import { auditedConditions, namedConditions } from '../../src/audit/auditedSearch.ts';

import { toSearchCriteria, type ImageSetFilterInput } from '../../src/search/filter/filter.ts';

const hash = createKeyedHash(Buffer.alloc(32, 3));
const conditionsOf = (filter: ImageSetFilterInput, by = hash) =>
  auditedConditions(toSearchCriteria(filter, null), by);

describe('values with the same meaning have the same hash', () => {
  const day = (date: string, time: string): ImageSetFilterInput => ({
    studyDateAndTime: { equal: { date, time } },
  });
  const since = (time: string): ImageSetFilterInput => ({ updatedAt: { equal: new Date(time) } });
  test.each<[string, ImageSetFilterInput, ImageSetFilterInput]>([
    ['dates', day('2026-01-02', '093000'), day('20260102', '09:30:00')],
    ['fractions of a second', day('20260102', '093000.120000'), day('20260102', '093000.12')],
    ['no fraction', day('20260102', '093000.000000'), day('20260102', '093000')],
    ['zones', since('2026-01-02T09:00:00+01:00'), since('2026-01-02T08:00:00Z')],
  ])('%s', (_name, one, other) => {
    expect(conditionsOf(one)).toEqual(conditionsOf(other));
  });

  test('different values, and values of different fields, have different hashes', () => {
    const hashes = [
      conditionsOf({ patientId: { equal: 'A' } }),
      conditionsOf({ patientId: { equal: 'a' } }),
      conditionsOf({ studyId: { equal: 'A' } }),
      conditionsOf(day('20260102', '093000')),
      conditionsOf(day('20260102', '100000')),
      conditionsOf({ isPrimary: { equal: true } }),
      conditionsOf({ isPrimary: { equal: false } }),
    ].flatMap((conditions) => conditions.flatMap(({ valueHashes = [] }) => valueHashes));
    expect([hashes.length, new Set(hashes).size]).toEqual([7, 7]);
  });
});

test('without a key there are names and operators only', () => {
  const criteria = toSearchCriteria(
    {
      and: [
        { patientId: { equal: 'A' } },
        { createdAt: { between: { from: new Date(0), to: new Date(1) } } },
      ],
    },
    null,
  );
  expect(auditedConditions(criteria, undefined)).toEqual([
    { field: 'patientId', operator: 'EQUAL', valueHashes: undefined },
    { field: 'createdAt', operator: 'BETWEEN', valueHashes: undefined },
  ]);
});

test('a search that was refused is recorded with names of the schema only', () => {
  const filter = { and: [{ patientId: { equal: 'A' } }, { canary: 1 }] } as unknown as ImageSetFilterInput;
  const own = { operator: 'EQUAL', values: [{ DICOMStudyInstanceUID: '1.2' }] } as const;
  expect(namedConditions(filter, own).map(({ field }) => field)).toEqual(['studyInstanceUid', 'patientId']);
});
