import fc from 'fast-check';

import type { FetchPage, FetchedPage, PageFetch } from '../../../src/search/paging/pageChain.ts';

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

export interface Upstream {
  readonly fetchPage: FetchPage<SampleRow>;
  readonly calls: PageFetch[];
}

export const idOf = ({ imageSetId }: SampleRow): string => imageSetId;

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

/** Returns a page that was read before without a call, as the page cache does. */
export function keepingPages({ fetchPage, calls }: Upstream): Upstream {
  const pages = new Map<string, Promise<FetchedPage<SampleRow>>>();
  return {
    calls,
    fetchPage(request) {
      const key = JSON.stringify([request.nextToken, request.maxResults]);
      const page = pages.get(key) ?? fetchPage(request);
      pages.set(key, page);
      return page;
    },
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
