import { describe, expect, test } from '@jest/globals';

import type { SortValue } from '../../../src/search/cursor/position.ts';
import type { SearchSort } from '../../../src/search/filter/criteria.ts';
import { relate, sortValueOf, spanOf } from '../../../src/search/paging/sortValue.ts';
import { fakeRow } from '../../support/upstream/fakeHealthImaging.ts';

const at = (text: string, sort: Partial<SearchSort> = {}): SortValue => ({
  sort: { sortField: 'updatedAt', sortOrder: 'DESC', ...sort },
  text,
});
const study = (text: string, sortOrder: SearchSort['sortOrder'] = 'ASC') =>
  at(text, { sortField: 'DICOMStudyDateAndTime', sortOrder });

describe('the sort value of a row', () => {
  const row = { ...fakeRow(1), createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.001Z' };

  test('is what HealthImaging says it sorted by, else what it was asked for, else the latest update', () => {
    const asked: SearchSort = { sortField: 'createdAt', sortOrder: 'ASC' };
    const reported: SearchSort = { sortField: 'updatedAt', sortOrder: 'ASC' };
    expect(sortValueOf(row, {}, null)).toEqual(at(row.updatedAt));
    expect(sortValueOf(row, { sort: asked }, null)).toEqual({ sort: asked, text: row.createdAt });
    expect(sortValueOf(row, { sort: asked }, reported)).toEqual({ sort: reported, text: row.updatedAt });
  });

  test.each([
    ['20260101', '101500', '20260101|101500'],
    ['20260101', null, '20260101|'],
    [null, '101500', '|101500'],
    [null, null, undefined],
    ['', '', undefined],
    ['9'.repeat(300), null, undefined],
  ])('of a study on %j at %j is %j', (studyDate, studyTime, text) => {
    const sort: SearchSort = { sortField: 'DICOMStudyDateAndTime', sortOrder: 'ASC' };
    const tags = { ...fakeRow(1).dicomTags, studyDate, studyTime } as NonNullable<typeof row.dicomTags>;
    expect(sortValueOf({ ...row, dicomTags: tags }, { sort }, null)?.text).toBe(text);
    expect(sortValueOf({ ...row, dicomTags: null }, { sort }, null)).toBeNull();
    expect(sortValueOf({ ...row, updatedAt: null }, {}, null)).toBeNull();
  });
});

describe('the time that a sort value means', () => {
  const midnight = Date.UTC(2026, 0, 31);
  const day = { from: midnight, to: midnight + 86_399_999 };

  test.each([
    ['20260131|101500', { from: midnight + 36_900_000, to: midnight + 36_900_000 }],
    ['20260131|101500.25', { from: midnight + 36_900_250, to: midnight + 36_900_250 }],
    ['20260131|101500.999999', { from: midnight + 36_900_999, to: midnight + 36_900_999 }],
    ['20260131|', day],
    ['20260131|10', day],
    ['20260131|1015', day],
    ['20260131|10:15:00', day],
    ['20260131|240000', day],
    ['20260131|235960', day],
    ['20260131|101500 ', day],
    ['20260231|101500', undefined],
    ['2026.01.31|101500', undefined],
    ['|101500', undefined],
  ])('%j', (text, span) => {
    expect(spanOf(study(text))).toEqual(span);
  });
});

describe('one value before another', () => {
  const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];

  test('comes first in the order of the search', () => {
    expect(relate(at(late), at(early))).toBe('before');
    expect(relate(at(early), at(late))).toBe('behind');
    expect(relate(at(early, { sortOrder: 'ASC' }), at(late, { sortOrder: 'ASC' }))).toBe('before');
    expect(relate(at(late, { sortOrder: 'ASC' }), at(early, { sortOrder: 'ASC' }))).toBe('behind');
    expect(relate(at(late), at(late))).toBe('tie');
  });

  test.each([
    ['20260101|', '20260101|101500', 'tie'],
    ['20260101|', '20260102|000000', 'before'],
    ['20260102|1015', '20260101|235959', 'behind'],
    ['not a date|', '20260101|101500', 'tie'],
  ])('of studies %j and %j: %s', (one, other, relation) => {
    expect(relate(study(one), study(other))).toBe(relation);
  });

  test('is not told where one has none', () => {
    expect([relate(null, at(late)), relate(at(late), null), relate(at(late), undefined)]).toEqual(
      Array(3).fill('tie'),
    );
  });
});
