import { describe, expect, test } from '@jest/globals';

import type { SortValue } from '../../../src/search/cursor/position.ts';
import type { SearchCriteria, SearchFilter, SearchSort } from '../../../src/search/filter/criteria.ts';
import { boundAt, boundedBy } from '../../../src/search/paging/bound.ts';

const time = '2026-01-31T10:15:00.250Z';
const valueOf = (sort: SearchSort): SortValue => ({
  sort,
  text: sort.sortField === 'DICOMStudyDateAndTime' ? '20260131|101500.25' : time,
});
const newest: SearchSort = { sortField: 'updatedAt', sortOrder: 'DESC' };
const oldest: SearchSort = { sortField: 'createdAt', sortOrder: 'ASC' };
const byStudy: SearchSort = { sortField: 'DICOMStudyDateAndTime', sortOrder: 'DESC' };

const equal = (value: SearchFilter['values'][0]): SearchFilter => ({ operator: 'EQUAL', values: [value] });
const patient = equal({ DICOMPatientId: 'PAT-1' });
const updated: SearchFilter = {
  operator: 'BETWEEN',
  values: [{ updatedAt: new Date('2026-01-01T00:00:00Z') }, { updatedAt: new Date('2026-02-01T00:00:00Z') }],
};
const created: SearchFilter = {
  operator: 'BETWEEN',
  values: [{ createdAt: new Date('2026-01-01T00:00:00Z') }, { createdAt: new Date('2026-02-01T00:00:00Z') }],
};
const studied: SearchFilter = {
  operator: 'BETWEEN',
  values: [
    { DICOMStudyDateAndTime: { DICOMStudyDate: '20260101', DICOMStudyTime: '000000' } },
    { DICOMStudyDateAndTime: { DICOMStudyDate: '20260131', DICOMStudyTime: '235959.999999' } },
  ],
};

describe('a search can be bounded', () => {
  test.each<[string, SearchCriteria['filters'], SearchSort]>([
    ['without a filter', undefined, newest],
    ['with one text', [patient], oldest],
    ['with a range of what it is sorted by', [updated], newest],
    ['with both', [patient, updated], newest],
    ['with both, the other way round', [created, patient], oldest],
    ['by study within a range of study dates', [studied], byStudy],
    ['by study within a range, of one text', [patient, studied], byStudy],
  ])('%s', (_what, filters, sort) => {
    expect(boundAt({ sort, ...(filters && { filters }) }, valueOf(sort), 'millisecond')).not.toBeNull();
  });
});

describe('a search cannot be bounded', () => {
  test.each<[string, SearchCriteria['filters'], SearchSort]>([
    ['with two texts', [patient, equal({ DICOMStudyId: '1' })], newest],
    ['with isPrimary', [equal({ isPrimary: true })], newest],
    ['with a time that is equal', [equal({ updatedAt: new Date(0) })], newest],
    ['with a range of another attribute', [created], newest],
    ['with two ranges', [created, updated], newest],
    ['with two ranges of what it is sorted by', [updated, updated], newest],
    ['by study without a range of study dates', undefined, byStudy],
    ['by study with one text', [patient], byStudy],
  ])('%s', (_what, filters, sort) => {
    expect(boundAt({ sort, ...(filters && { filters }) }, valueOf(sort), 'millisecond')).toBeNull();
  });

  test('at a value that is no time', () => {
    expect(boundAt({ filters: [studied] }, { sort: byStudy, text: 'never|' }, 'millisecond')).toBeNull();
  });
});

describe('a bounded search', () => {
  const bounded = (criteria: SearchCriteria, sort: SearchSort, margin: 'millisecond' | 'second') => {
    const bound = boundAt(criteria, valueOf(sort), margin);
    return bound === null ? null : boundedBy(criteria, bound).filters;
  };
  const end = new Date('9999-12-31T23:59:59.999Z');

  test('begins just outside of the value, and reaches to the far end', () => {
    expect(bounded({}, newest, 'millisecond')).toEqual([
      {
        operator: 'BETWEEN',
        values: [{ updatedAt: new Date(0) }, { updatedAt: new Date('2026-01-31T10:15:00.251Z') }],
      },
    ]);
    expect(bounded({ sort: oldest }, oldest, 'millisecond')).toEqual([
      {
        operator: 'BETWEEN',
        values: [{ createdAt: new Date('2026-01-31T10:15:00.249Z') }, { createdAt: end }],
      },
    ]);
  });

  test('begins a whole second outside of it, on a whole second', () => {
    expect(bounded({}, newest, 'second')?.[0].values[1]).toEqual({
      updatedAt: new Date('2026-01-31T10:15:02.000Z'),
    });
    expect(bounded({ sort: oldest }, oldest, 'second')?.[0].values[0]).toEqual({
      createdAt: new Date('2026-01-31T10:14:59.000Z'),
    });
  });

  test('keeps the other condition, and the far end that the client gave', () => {
    expect(bounded({ filters: [updated, patient] }, newest, 'millisecond')).toEqual([
      patient,
      {
        operator: 'BETWEEN',
        values: [updated.values[0], { updatedAt: new Date('2026-01-31T10:15:00.251Z') }],
      },
    ]);
  });

  test('never leaves the range that the client gave', () => {
    const range = (to: string): SearchFilter => ({
      operator: 'BETWEEN',
      values: [{ updatedAt: new Date('2026-01-01T00:00:00Z') }, { updatedAt: new Date(to) }],
    });
    for (const to of [time, '2026-01-31T10:15:01.000Z']) {
      expect(bounded({ filters: [range(to)] }, newest, 'second')).toEqual([range(to)]);
    }
  });

  test('of studies has whole dates and times, and a whole day for a time that is not known', () => {
    const criteria = { sort: byStudy, filters: [studied] } as const;
    expect(bounded(criteria, byStudy, 'millisecond')?.[0].values[1]).toEqual({
      DICOMStudyDateAndTime: { DICOMStudyDate: '20260131', DICOMStudyTime: '101500.251000' },
    });
    const untimed = boundAt(criteria, { sort: byStudy, text: '20260115|' }, 'millisecond') ?? '';
    expect(boundedBy(criteria, untimed).filters?.[0].values[1]).toEqual({
      DICOMStudyDateAndTime: { DICOMStudyDate: '20260116', DICOMStudyTime: '000000.000000' },
    });
  });
});
