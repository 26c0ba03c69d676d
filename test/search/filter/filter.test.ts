import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import type { SearchFilter } from '../../../src/search/filter/criteria.ts';
import {
  sortFieldName,
  toSearchCriteria,
  type ImageSetFilterInput,
  type ImageSetSortInput,
} from '../../../src/search/filter/filter.ts';

const morning = new Date('2026-11-24T08:00:00.123Z');
const noon = new Date('2026-11-24T12:00:00Z');
const evening = '235959.999999';

/** Input that execution did not check: not of the declared type. */
function unchecked(input: unknown): ImageSetFilterInput {
  return input as ImageSetFilterInput;
}

function studyBetween(from: [string, string], to: [string, string]): SearchFilter {
  return {
    operator: 'BETWEEN',
    values: [
      { DICOMStudyDateAndTime: { DICOMStudyDate: from[0], DICOMStudyTime: from[1] } },
      { DICOMStudyDateAndTime: { DICOMStudyDate: to[0], DICOMStudyTime: to[1] } },
    ],
  };
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'BAD_USER_INPUT') return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('a filter', () => {
  test.each<[string, ImageSetFilterInput, SearchFilter]>([
    [
      'patientId',
      { patientId: { equal: 'P 1' } },
      { operator: 'EQUAL', values: [{ DICOMPatientId: 'P 1' }] },
    ],
    ['an empty text', { patientId: { equal: '' } }, { operator: 'EQUAL', values: [{ DICOMPatientId: '' }] }],
    [
      'accessionNumber',
      { accessionNumber: { equal: 'A1' } },
      { operator: 'EQUAL', values: [{ DICOMAccessionNumber: 'A1' }] },
    ],
    ['studyId', { studyId: { equal: 'S1' } }, { operator: 'EQUAL', values: [{ DICOMStudyId: 'S1' }] }],
    [
      'studyInstanceUid',
      { studyInstanceUid: { equal: '1.2.3' } },
      { operator: 'EQUAL', values: [{ DICOMStudyInstanceUID: '1.2.3' }] },
    ],
    [
      'seriesInstanceUid',
      { seriesInstanceUid: { equal: '1.2.4' } },
      { operator: 'EQUAL', values: [{ DICOMSeriesInstanceUID: '1.2.4' }] },
    ],
    ['isPrimary', { isPrimary: { equal: false } }, { operator: 'EQUAL', values: [{ isPrimary: false }] }],
    ['createdAt', { createdAt: { equal: noon } }, { operator: 'EQUAL', values: [{ createdAt: noon }] }],
    [
      'createdAt between',
      { createdAt: { between: { from: morning, to: noon } } },
      { operator: 'BETWEEN', values: [{ createdAt: morning }, { createdAt: noon }] },
    ],
    ['updatedAt', { updatedAt: { equal: noon } }, { operator: 'EQUAL', values: [{ updatedAt: noon }] }],
    [
      'updatedAt between a time and itself',
      { updatedAt: { between: { from: noon, to: noon } } },
      { operator: 'BETWEEN', values: [{ updatedAt: noon }, { updatedAt: noon }] },
    ],
    [
      'studyDateAndTime with a time',
      { studyDateAndTime: { equal: { date: '2026-11-24', time: '08:15:00.5' } } },
      {
        operator: 'EQUAL',
        values: [{ DICOMStudyDateAndTime: { DICOMStudyDate: '20261124', DICOMStudyTime: '081500.500000' } }],
      },
    ],
    [
      'studyDateAndTime without a time: the whole day',
      { studyDateAndTime: { equal: { date: '20261124' } } },
      studyBetween(['20261124', '000000'], ['20261124', evening]),
    ],
    [
      'studyDateAndTime with a null time: the whole day',
      { studyDateAndTime: { equal: { date: '20261124', time: null } } },
      studyBetween(['20261124', '000000'], ['20261124', evening]),
    ],
    [
      'studyDateAndTime between days',
      { studyDateAndTime: { between: { from: { date: '20261101' }, to: { date: '2026-11-24' } } } },
      studyBetween(['20261101', '000000'], ['20261124', evening]),
    ],
    [
      'studyDateAndTime between times',
      {
        studyDateAndTime: {
          between: { from: { date: '20261124', time: '080000' }, to: { date: '20261124', time: '080000.0' } },
        },
      },
      studyBetween(['20261124', '080000'], ['20261124', '080000.000000']),
    ],
    [
      'studyDateAndTime between a time and itself, written otherwise',
      {
        studyDateAndTime: {
          between: { from: { date: '20261124', time: '080000.0' }, to: { date: '20261124', time: '080000' } },
        },
      },
      studyBetween(['20261124', '080000.000000'], ['20261124', '080000']),
    ],
    [
      'studyDateAndTime from a time to the end of that day',
      {
        studyDateAndTime: {
          between: { from: { date: '20261124', time: '080000' }, to: { date: '20261124' } },
        },
      },
      studyBetween(['20261124', '080000'], ['20261124', evening]),
    ],
  ])('of %s is sent in the form of HealthImaging', (_name, filter, expected) => {
    expect(toSearchCriteria(filter, undefined)).toEqual({ filters: [expected] });
    expect(toSearchCriteria({ and: [filter] }, null)).toEqual({ filters: [expected] });
  });

  const patient: ImageSetFilterInput = { patientId: { equal: 'P1' } };
  const primary: ImageSetFilterInput = { isPrimary: { equal: true } };
  const ofPatient: SearchFilter = { operator: 'EQUAL', values: [{ DICOMPatientId: 'P1' }] };
  const ofPrimary: SearchFilter = { operator: 'EQUAL', values: [{ isPrimary: true }] };

  test('joins two conditions in the order given', () => {
    expect(toSearchCriteria({ and: [patient, primary] }, null)).toEqual({ filters: [ofPatient, ofPrimary] });
  });

  test.each([null, undefined])('that is %s searches everything, without a member `filters`', (filter) => {
    expect(toSearchCriteria(filter, undefined)).toEqual({});
  });

  test('joins the own condition of an object with one more, but not with two', () => {
    expect(toSearchCriteria(null, null, ofPatient)).toEqual({ filters: [ofPatient] });
    expect(toSearchCriteria(primary, null, ofPatient)).toEqual({ filters: [ofPatient, ofPrimary] });
    expect(toSearchCriteria({ and: [primary] }, null, ofPatient)).toEqual({
      filters: [ofPatient, ofPrimary],
    });
    expect(messageOf(() => toSearchCriteria({ and: [primary, primary] }, null, ofPatient))).toBe(
      'filter.and: expected one condition, since HealthImaging takes two and the object searched is one of them.',
    );
  });

  test('may have text of 512 characters, not UTF-16 units', () => {
    const text = '𝔸'.repeat(512);
    expect(toSearchCriteria({ studyId: { equal: text } }, null)).toEqual({
      filters: [{ operator: 'EQUAL', values: [{ DICOMStudyId: text }] }],
    });
  });

  test('takes undefined fields for absent ones', () => {
    const filter = unchecked({ patientId: { equal: 'P1' }, studyId: undefined, and: undefined });
    expect(toSearchCriteria(filter, null)).toEqual({ filters: [ofPatient] });
  });

  test('takes objects without a prototype, as graphql-js creates them', () => {
    const filter = unchecked({ __proto__: null, patientId: { __proto__: null, equal: 'P1' } });
    expect(toSearchCriteria(filter, null)).toEqual({ filters: [ofPatient] });
  });
});

describe('a filter that cannot be searched is refused with the name of the field', () => {
  const names =
    'patientId, accessionNumber, studyId, studyInstanceUid, seriesInstanceUid, isPrimary, createdAt, updatedAt, ' +
    'studyDateAndTime, and';
  const oneCondition = `exactly one of ${names}, and not null`;
  const dayForm = 'a calendar day as YYYYMMDD or YYYY-MM-DD';
  const timeForm = 'a time of day as HHMMSS, HHMMSS.FFFFFF, HH:MM:SS or HH:MM:SS.ffffff';
  const uidForm = 'a DICOM unique identifier: 1 to 64 digits and dots';
  const momentForm = 'a point in time as RFC 3339 text with a zone';
  const rangeForm = 'a range whose `from` is not after its `to`';
  const secret = 'Secret^Value';
  const nested = { and: [{ patientId: { equal: secret } }] };

  const refusals: [filter: unknown, path: string, expected: string][] = [
    [{}, 'filter', oneCondition],
    [{ patientId: { equal: secret }, studyId: { equal: secret } }, 'filter', oneCondition],
    [{ patientId: null }, 'filter', oneCondition],
    [{ patientId: { equal: secret }, studyId: null }, 'filter', oneCondition],
    [{ [secret]: { equal: secret } }, 'filter', oneCondition],
    [{ constructor: { equal: secret } }, 'filter', oneCondition],
    [secret, 'filter', oneCondition],
    [[{ patientId: { equal: secret } }], 'filter', oneCondition],
    [{ patientId: {} }, 'filter.patientId', 'the field equal, and not null'],
    [{ patientId: { equal: null } }, 'filter.patientId', 'the field equal, and not null'],
    [{ patientId: { equal: secret, between: secret } }, 'filter.patientId', 'the field equal, and not null'],
    [{ patientId: secret }, 'filter.patientId', 'the field equal, and not null'],
    [{ patientId: { equal: 42 } }, 'filter.patientId.equal', 'text of at most 512 characters'],
    [{ patientId: { equal: secret.repeat(43) } }, 'filter.patientId.equal', 'text of at most 512 characters'],
    [
      { accessionNumber: { equal: '𝔸'.repeat(513) } },
      'filter.accessionNumber.equal',
      'text of at most 512 characters',
    ],
    [{ studyId: { equal: [secret] } }, 'filter.studyId.equal', 'text of at most 512 characters'],
    [{ studyInstanceUid: { equal: secret } }, 'filter.studyInstanceUid.equal', uidForm],
    [{ seriesInstanceUid: { equal: '' } }, 'filter.seriesInstanceUid.equal', uidForm],
    [{ isPrimary: { equal: 'true' } }, 'filter.isPrimary.equal', 'true or false'],
    [{ createdAt: { equal: new Date(Number.NaN) } }, 'filter.createdAt.equal', momentForm],
    [{ createdAt: { equal: secret } }, 'filter.createdAt.equal', momentForm],
    [
      { createdAt: { equal: noon, between: null } },
      'filter.createdAt',
      'exactly one of equal, between, and not null',
    ],
    [{ updatedAt: { between: secret } }, 'filter.updatedAt.between', 'an object of from, to'],
    [{ updatedAt: { between: { from: noon } } }, 'filter.updatedAt.between.to', momentForm],
    [
      { updatedAt: { between: { from: noon, to: noon, [secret]: 1 } } },
      'filter.updatedAt.between',
      'an object of from, to',
    ],
    [{ updatedAt: { between: { from: noon, to: morning } } }, 'filter.updatedAt.between', rangeForm],
    [{ studyDateAndTime: { equal: secret } }, 'filter.studyDateAndTime.equal', 'an object of date, time'],
    [{ studyDateAndTime: { equal: {} } }, 'filter.studyDateAndTime.equal.date', dayForm],
    [{ studyDateAndTime: { equal: { date: '20260229' } } }, 'filter.studyDateAndTime.equal.date', dayForm],
    [
      { studyDateAndTime: { equal: { date: '20260228', time: '2400' } } },
      'filter.studyDateAndTime.equal.time',
      timeForm,
    ],
    [
      { studyDateAndTime: { between: { from: { date: '20260301' }, to: { date: '20260228' } } } },
      'filter.studyDateAndTime.between',
      rangeForm,
    ],
    [
      {
        studyDateAndTime: {
          between: {
            from: { date: '20260228', time: '080000.000001' },
            to: { date: '20260228', time: '080000' },
          },
        },
      },
      'filter.studyDateAndTime.between',
      rangeForm,
    ],
    [
      { studyDateAndTime: { between: { from: { date: '20260228' }, to: { time: '080000' } } } },
      'filter.studyDateAndTime.between.to.date',
      dayForm,
    ],
    [{ and: [] }, 'filter.and', 'a list of one or two conditions'],
    [{ and: secret }, 'filter.and', 'a list of one or two conditions'],
    [
      { and: [1, 2, 3].map(() => ({ isPrimary: { equal: true } })) },
      'filter.and',
      'a list of one or two conditions',
    ],
    [{ and: [null] }, 'filter.and[0]', oneCondition],
    [
      { and: [nested] },
      'filter.and[0].and',
      'no `and` within an `and`, since HealthImaging takes two conditions',
    ],
    [
      { and: [{ isPrimary: { equal: true } }, { createdAt: { between: { from: noon, to: morning } } }] },
      'filter.and[1].createdAt.between',
      rangeForm,
    ],
  ];

  test.each(refusals.map(([filter, path, expected]) => ({ filter, path, expected })))(
    '$path: expected $expected',
    ({ filter, path, expected }) => {
      const message = messageOf(() => toSearchCriteria(unchecked(filter), null));
      expect(message).toBe(`${path}: expected ${expected}.`);
      expect(message).not.toContain('Secret');
    },
  );

  test('any input is refused as BAD_USER_INPUT or sent, and never quoted', () => {
    const field = fc.constantFrom(...names.split(', '), 'equal', 'between', 'from', 'to', 'date', 'time');
    const { input } = fc.letrec((tie) => ({
      input: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, undefined, true, 7, noon, '20260228', '1.2', 'Marker'),
        fc.array(tie('input'), { maxLength: 3 }),
        fc.dictionary(field, tie('input'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(input, (filter) => {
        let message = '';
        try {
          toSearchCriteria(unchecked(filter), null);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          message = String(error);
        }
        expect(message).not.toMatch(/Marker|20260228|1\.2|2026-/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a sort', () => {
  test.each<[ImageSetSortInput, string, string]>([
    [{ field: 'UPDATED_AT', order: 'DESC' }, 'updatedAt', 'DESC'],
    [{ field: 'CREATED_AT', order: 'ASC' }, 'createdAt', 'ASC'],
    [{ field: 'STUDY_DATE_AND_TIME', order: 'DESC' }, 'DICOMStudyDateAndTime', 'DESC'],
    [{ order: 'ASC' }, 'updatedAt', 'ASC'],
    [{ field: 'CREATED_AT' }, 'createdAt', 'DESC'],
    [{}, 'updatedAt', 'DESC'],
  ])('of %j is sent with both members', (sort, sortField, sortOrder) => {
    expect(toSearchCriteria(null, sort)).toEqual({ sort: { sortField, sortOrder } });
  });

  test.each<[unknown, string]>([
    [{ field: 'PATIENT' }, 'sort.field: expected one of UPDATED_AT, CREATED_AT, STUDY_DATE_AND_TIME.'],
    [{ field: null }, 'sort.field: expected one of UPDATED_AT, CREATED_AT, STUDY_DATE_AND_TIME.'],
    [{ order: 'asc' }, 'sort.order: expected one of ASC, DESC.'],
    [{ by: 'UPDATED_AT' }, 'sort: expected an object of field, order.'],
    ['UPDATED_AT', 'sort: expected an object of field, order.'],
  ])('of %j is refused', (sort, message) => {
    expect(messageOf(() => toSearchCriteria(null, sort as ImageSetSortInput))).toBe(message);
  });

  test('is named as in the schema again', () => {
    for (const field of ['UPDATED_AT', 'CREATED_AT', 'STUDY_DATE_AND_TIME'] as const) {
      const { sort } = toSearchCriteria(null, { field });
      expect(sort && sortFieldName(sort.sortField)).toBe(field);
    }
  });
});
