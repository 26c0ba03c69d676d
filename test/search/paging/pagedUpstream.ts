import fc from 'fast-check';

import { noTrials } from '../../../src/search/paging/boundTrials.ts';
import type { FetchedPage, KeptPage, PageFetch, PageSource } from '../../../src/search/paging/pageChain.ts';
import type { PagedSource } from '../../../src/search/paging/walk.ts';

export type FetchPage<Row> = PageSource<Row>['fetchPage'];

export interface SampleRow {
  readonly imageSetId: string;
  /** Tells rows of one id apart. */
  readonly serial: number;
}

/** A part of a list: empty pages come before it, and no page reaches past its end. */
export interface Stretch {
  readonly emptyPages: number;
  readonly rows: readonly SampleRow[];
}

export interface Upstream extends PageSource<SampleRow> {
  readonly calls: PageFetch[];
}

/** A list without a known order: its cursors become next tokens. */
export function unorderedList(source: PageSource<SampleRow>, pageSize = 50): PagedSource<SampleRow> {
  const order = { idOf: ({ imageSetId }: SampleRow) => imageSetId, valueOf: () => null, boundAt: () => null };
  return { ...source, order, trials: noTrials, pageSize };
}

/** An upstream that does not change. Its next tokens name a stretch, a row in it and the empty pages still to come. */
export function staticUpstream(stretches: readonly Stretch[], trailingToken: boolean): Upstream {
  const calls: PageFetch[] = [];
  const pageAt = (token: string, maxResults: number): FetchedPage<SampleRow> => {
    const [stretch = 0, offset = 0, empty = 0] = token.split('.').map(Number);
    const { rows } = stretches[stretch] ?? { rows: [] };
    if (empty > 0) return { rows: [], nextToken: `${stretch}.${offset}.${empty - 1}` };
    const given = rows.slice(offset, offset + maxResults);
    if (offset + given.length < rows.length) {
      return { rows: given, nextToken: `${stretch}.${offset + given.length}.0` };
    }
    const following = stretches[stretch + 1];
    if (following !== undefined) {
      return { rows: given, nextToken: `${stretch + 1}.0.${following.emptyPages}` };
    }
    const atEnd = stretch >= stretches.length;
    return { rows: given, nextToken: trailingToken && !atEnd ? `${stretches.length}.0.0` : null };
  };
  return {
    calls,
    fetchPage(request) {
      calls.push(request);
      const first = `0.0.${stretches[0]?.emptyPages ?? 0}`;
      return Promise.resolve(pageAt(request.nextToken ?? first, request.maxResults));
    },
  };
}

/** Keeps the pages that were read, as the page cache does. */
export function keepingPages({ fetchPage, calls }: Upstream): Upstream {
  const kept: KeptPage<SampleRow>[] = [];
  return {
    calls,
    async fetchPage(request) {
      const page = await fetchPage(request);
      kept.push({ ...page, request });
      return page;
    },
    keptPage: (_age, isWanted) => kept.findLast(isWanted),
  };
}

export function numberedRows(count: number, from = 0): SampleRow[] {
  return Array.from({ length: count }, (_, index) => ({
    imageSetId: `row${from + index}`,
    serial: from + index,
  }));
}

/** Stretches of rows with unique serials, some with the id of another row. */
export const stretches: fc.Arbitrary<Stretch[]> = fc
  .array(
    fc.record({
      emptyPages: fc.nat({ max: 3 }),
      ids: fc.array(fc.option(fc.nat({ max: 20 }), { freq: 10 }), { maxLength: 60 }),
    }),
    { maxLength: 8 },
  )
  .map((shapes) => {
    let serial = 0;
    return shapes.map(({ emptyPages, ids }) => ({
      emptyPages,
      rows: ids.map((repeated) => {
        serial += 1;
        return { imageSetId: repeated === null ? `row${serial}` : `twin${repeated}`, serial };
      }),
    }));
  });

export function rowsOf(list: readonly Stretch[]): SampleRow[] {
  return list.flatMap(({ rows }) => rows);
}
