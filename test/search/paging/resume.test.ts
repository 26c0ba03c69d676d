import { describe, expect, test } from '@jest/globals';

import { resumeInPage } from '../../../src/search/paging/resume.ts';
import { shortHash } from '../../../src/search/cursor/position.ts';

/** The page was a b c d e, and the cursor stood on c. */
const row = { index: 2, id: 'c', previous: shortHash('b'), next: shortHash('d') };

/** What comes next in the page; `?` when the next page has to be read first. */
function rest(page: string): string | undefined {
  const ids = Array.from(page);
  const start = resumeInPage(ids, row);
  return start && ids.slice(start.index).join('') + (start.certain ? '' : '?');
}

describe('a page of which a client has seen a b c continues', () => {
  test.each([
    ['abcde', 'de', 'as it was'],
    ['abxcde', 'de', 'where a row was added before c'],
    ['xyzabcde', 'de', 'where rows were added at the front'],
    ['bcde', 'de', 'where a row was removed'],
    ['cde', 'de', 'where all rows before c were removed'],
    ['abcxde', 'xde', 'with what was added after c'],
    ['abde', 'de', 'where c was removed'],
    ['xabde', 'de', 'where c was removed and a row was added'],
    ['bde', 'de', 'where a and c were removed'],
    ['ade', 'de', 'where b and c were removed'],
    ['xyade', 'de', 'where b and c were removed and rows were added'],
    ['abe', 'e', 'where c and d were removed'],
    ['cabde', 'de', 'where c has moved to the front'],
    ['abdec', 'dec', 'where c has moved to the end'],
    ['bacde', 'de', 'where b has moved to the front'],
    ['dabce', 'e', 'where d has moved to the front'],
    ['acdeb', 'deb', 'where b has moved to the end'],
    ['xyzab', '?', 'perhaps in the next page, where added rows have pushed c there'],
  ])('in %s with %s: %s', (page, expected) => {
    expect(rest(page)).toBe(expected);
  });

  test('after the first row of a page that has moved back, and the last that has moved forward', () => {
    const first = { index: 0, id: 'c', previous: null, next: shortHash('d') };
    const last = { index: 2, id: 'c', previous: shortHash('b'), next: null };
    expect(resumeInPage(Array.from('defc'), first)).toEqual({ index: 0, certain: true });
    expect(resumeInPage(Array.from('xcde'), first)).toEqual({ index: 2, certain: true });
    expect(resumeInPage(Array.from('cab'), last)).toEqual({ index: 3, certain: true });
    expect(resumeInPage(Array.from('acb'), last)).toEqual({ index: 2, certain: true });
  });

  test.each(['', 'xyz', 'ae'])('nowhere to be found in %j', (page) => {
    expect(rest(page)).toBeUndefined();
  });

  test('after the nearest of several rows with its id', () => {
    expect(resumeInPage(['c', 'x', 'y', 'c', 'z'], { ...row, previous: null, next: null })).toEqual({
      index: 4,
      certain: true,
    });
  });
});
