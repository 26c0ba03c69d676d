import { describe, expect, test } from '@jest/globals';

import { resumeInPage } from '../../../src/search/paging/resume.ts';
import { shortHash } from '../../../src/search/cursor/position.ts';

/** The page was a b c d e, and the cursor stood on c. */
const row = { index: 2, id: 'c', previous: shortHash('b'), next: shortHash('d') };

/** What comes next in the page; `?` when the next page has to be asked first. */
function rest(page: string): string | undefined {
  const ids = Array.from(page);
  const start = resumeInPage(ids, row);
  return start && ids.slice(start.index).join('') + (start.certain ? '' : '?');
}

describe('a page of which a client has seen a b c goes on', () => {
  test.each([
    ['abcde', 'de', 'as it was'],
    ['abxcde', 'de', 'where a row has arrived before c'],
    ['xyzabcde', 'de', 'where rows have arrived at the front'],
    ['bcde', 'de', 'where a row has left'],
    ['cde', 'de', 'where all rows before c have left'],
    ['abcxde', 'xde', 'with what has arrived behind c'],
    ['abde', 'de', 'where c has left'],
    ['xabde', 'de', 'where c has left and a row has arrived'],
    ['bde', 'de', 'where a and c have left'],
    ['ade', 'de', 'where b and c have left'],
    ['xyade', 'de', 'where b and c have left and rows have arrived'],
    ['abe', 'e', 'where c and d have left'],
    ['cabde', 'de', 'where c has moved to the front'],
    ['abdec', 'dec', 'where c has moved to the end'],
    ['bacde', 'de', 'where b has moved to the front'],
    ['dabce', 'e', 'where d has moved to the front'],
    ['acdeb', 'deb', 'where b has moved to the end'],
    ['xyzab', '?', 'perhaps in the next page, where arrivals have pushed c over'],
  ])('in %s with %s: %s', (page, expected) => {
    expect(rest(page)).toBe(expected);
  });

  test('behind the first row of a page that has moved back, and the last that has moved forward', () => {
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

  test('behind the nearest of several rows of its id', () => {
    expect(resumeInPage(['c', 'x', 'y', 'c', 'z'], { ...row, previous: null, next: null })).toEqual({
      index: 4,
      certain: true,
    });
  });
});
