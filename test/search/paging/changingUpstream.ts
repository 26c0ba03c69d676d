import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import type { SearchCriteria, SearchSort } from '../../../src/search/filter/criteria.ts';
import type { ImageSetRow } from '../../../src/search/imageSet.ts';
import type { SearchPageFetch } from '../../../src/search/paging/connection.ts';
import type { FetchedPage, KeptPage } from '../../../src/search/paging/pageChain.ts';

/** How an upstream behaves where HealthImaging's documentation is silent. */
export interface UpstreamTraits {
  /** What next tokens stand for: the row that the page ended with, or how many rows came before. */
  readonly token: 'key' | 'offset';
  /** Calls after which a token is refused; 0: never. */
  readonly tokenLife: number;
  /** Whether BETWEEN leaves its bounds out. */
  readonly exclusive: boolean;
  /** Whether BETWEEN compares whole seconds. */
  readonly wholeSeconds: boolean;
  /** Whether it answers a search that is bounded with a ValidationException. */
  readonly refusesBounds: boolean;
}

/** A row as the upstream has it: times in microseconds, of which milliseconds are shown. */
export interface StoredRow {
  readonly id: string;
  readonly micros: number;
  /** Orders rows of equal times. */
  readonly tie: number;
}

export interface ChangingUpstream {
  rows: StoredRow[];
  /** Whether it answers every search with a ValidationException. */
  isRefusing: boolean;
  readonly calls: SearchPageFetch[];
  readonly fetchPage: (request: SearchPageFetch) => Promise<FetchedPage<ImageSetRow>>;
  readonly keptPage: (
    age: 'first' | 'walk',
    isWanted: (page: KeptPage<ImageSetRow>) => boolean,
  ) => KeptPage<ImageSetRow> | undefined;
  forgetPages(): void;
  sortRows(): void;
}

const datastoreId = 'd'.repeat(32);

/** What a client sees of a row's time. */
export function shownTime({ micros }: StoredRow): string {
  return new Date(Math.floor(micros / 1_000)).toISOString();
}

function shown(row: StoredRow): ImageSetRow {
  const time = shownTime(row);
  return {
    datastoreId,
    imageSetId: row.id,
    version: 1,
    isPrimary: true,
    storageTier: null,
    createdAt: time,
    updatedAt: time,
    lastAccessedAt: null,
    dicomTags: {
      ...noTags,
      studyDate: time.slice(0, 10).replaceAll('-', ''),
      studyTime: time.slice(11, 23).replaceAll(':', ''),
    },
  };
}

const noTags = {
  patientId: null,
  patientName: null,
  patientBirthDate: null,
  patientSex: null,
  studyInstanceUid: null,
  studyId: null,
  studyDescription: null,
  numberOfStudyRelatedSeries: null,
  numberOfStudyRelatedInstances: null,
  accessionNumber: null,
  seriesInstanceUid: null,
  seriesModality: null,
  seriesBodyPart: null,
  seriesNumber: null,
};

interface Token {
  readonly born: number;
  readonly offset: number;
  readonly last: StoredRow;
}

/** An upstream whose rows change between two calls, and the pages that a gateway before it keeps. */
export function changingUpstream(
  rows: readonly StoredRow[],
  { sortField, sortOrder }: SearchSort,
  traits: UpstreamTraits,
): ChangingUpstream {
  const tokens = new Map<string, Token>();
  const kept: KeptPage<ImageSetRow>[] = [];
  const sign = sortOrder === 'ASC' ? 1 : -1;
  const compare = (one: StoredRow, other: StoredRow) =>
    sign * (one.micros - other.micros || one.tie - other.tie || (one.id < other.id ? -1 : 1));

  const within = ({ filters }: SearchCriteria): StoredRow[] => {
    const range = (filters ?? []).find(({ operator }) => operator === 'BETWEEN');
    const [low = Number.NaN, high = Number.NaN] = (range?.values ?? []).map((value) => {
      if (sortField in value && 'updatedAt' in value) return value.updatedAt.getTime();
      if (sortField in value && 'createdAt' in value) return value.createdAt.getTime();
      if (!('DICOMStudyDateAndTime' in value)) throw new RangeError('expected a range of the sort attribute');
      const { DICOMStudyDate: date, DICOMStudyTime: time = '000000' } = value.DICOMStudyDateAndTime;
      const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
      return Date.parse(
        `${year}-${month}-${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 13)}Z`,
      );
    });
    if (range === undefined) return upstream.rows;
    const cut = (time: number) => (traits.wholeSeconds ? Math.floor(time / 1_000) * 1_000 : time);
    return upstream.rows.filter(({ micros }) => {
      const time = cut(micros / 1_000);
      return traits.exclusive ? time > cut(low) && time < cut(high) : time >= cut(low) && time <= cut(high);
    });
  };

  const answer = ({ criteria, nextToken, maxResults, bound }: SearchPageFetch): FetchedPage<ImageSetRow> => {
    if (upstream.isRefusing || (bound !== undefined && traits.refusesBounds))
      throw new GatewayError('BAD_USER_INPUT');
    const list = within(criteria);
    let from = 0;
    if (nextToken !== undefined) {
      const token = tokens.get(nextToken);
      const age = upstream.calls.length - (token?.born ?? 0);
      if (token === undefined || (traits.tokenLife > 0 && age > traits.tokenLife)) {
        throw new GatewayError('CURSOR_EXPIRED');
      }
      const behind = list.findIndex((row) => row.id !== token.last.id && compare(row, token.last) > 0);
      from = traits.token === 'offset' ? token.offset : behind < 0 ? list.length : behind;
    }
    const page = list.slice(from, from + maxResults);
    const last = page.at(-1);
    let next: string | null = null;
    if (last !== undefined && from + maxResults < list.length) {
      next = `token-${tokens.size}`;
      tokens.set(next, { born: upstream.calls.length, offset: from + maxResults, last });
    }
    return { rows: page.map(shown), nextToken: next };
  };
  const upstream: ChangingUpstream = {
    rows: [...rows],
    isRefusing: false,
    calls: [],
    async fetchPage(request) {
      upstream.calls.push(request);
      await Promise.resolve();
      const page = answer(request);
      kept.push({ ...page, request });
      return page;
    },
    keptPage: (age, isWanted) => (age === 'first' ? undefined : kept.findLast(isWanted)),
    forgetPages() {
      kept.length = 0;
    },
    sortRows() {
      upstream.rows.sort(compare);
    },
  };
  upstream.sortRows();
  return upstream;
}

/** What happens between two windows, near where the client is. */
export interface Change {
  /** Neighbours that are deleted, from `before` rows before the client's place on. */
  readonly deleted: number;
  readonly before: number;
  /** New rows: at the newest end, or beside a row, some microseconds off. */
  readonly inserted: readonly {
    readonly beside: number | null;
    readonly micros: number;
    readonly tie: number;
  }[];
  /** Rows that are updated: they get the newest time. */
  readonly updated: readonly number[];
  readonly forgetsPages: boolean;
}

export const changes: fc.Arbitrary<Change> = fc.record({
  deleted: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
  before: fc.nat({ max: 64 }),
  inserted: fc.array(
    fc.record({
      beside: fc.option(fc.nat()),
      micros: fc.oneof(fc.constant(0), fc.integer({ min: -2_500, max: 2_500 })),
      tie: fc.nat(),
    }),
    { maxLength: 3 },
  ),
  updated: fc.array(fc.nat(), { maxLength: 2 }),
  forgetsPages: fc.boolean(),
});

export const traits: fc.Arbitrary<UpstreamTraits> = fc.record({
  token: fc.constantFrom('key', 'offset'),
  tokenLife: fc.constantFrom(0, 3),
  exclusive: fc.boolean(),
  wholeSeconds: fc.boolean(),
  refusesBounds: fc.constant(false),
});

/** Rows with their ties: single ones, groups of up to 20, of 80, and bursts of which several share a millisecond. */
export const storedRows: fc.Arbitrary<StoredRow[]> = fc
  .record({
    count: fc.integer({ min: 60, max: 300 }),
    ties: fc.constantFrom('none', 'some', 'many', 'burst'),
    gaps: fc.infiniteStream(fc.integer({ min: 1, max: 40_000 })),
    groups: fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ count, ties, gaps, groups }) => {
    const rows: StoredRow[] = [];
    let millis = 1_700_000_000_000;
    while (rows.length < count) {
      const [gap, group] = [Number(gaps.next().value), Number(groups.next().value)];
      millis += ties === 'burst' ? (gap % 12) + 1 : gap;
      const size = { none: 1, some: group, many: 80, burst: (group % 3) + 1 }[ties];
      for (let index = 0; index < size && rows.length < count; index += 1) {
        const micros = millis * 1_000 + (ties === 'burst' ? (gap + 331 * index) % 1_000 : 0);
        rows.push({ id: `row${rows.length}`, micros, tie: (gap * (index + 7)) % 1_009 });
      }
    }
    return rows;
  });

/** Applies a change beside the row that a client saw last. */
export function applyChange(upstream: ChangingUpstream, change: Change, lastSeen: string | undefined): void {
  const { rows } = upstream;
  const newest = () => Math.max(...upstream.rows.map(({ micros }) => micros)) + 1_000_000;
  const at = rows.findIndex(({ id }) => id === lastSeen);
  const from = Math.max(0, at - change.before);
  rows.splice(from, Math.min(change.deleted, Math.max(0, rows.length - 5 - from)));
  for (const { beside, micros, tie } of change.inserted) {
    const neighbour = beside === null ? undefined : rows[beside % rows.length];
    const time = neighbour === undefined ? newest() : neighbour.micros + micros;
    rows.push({ id: `new${upstream.calls.length}-${rows.length}-${tie}`, micros: time, tie });
  }
  for (const pick of change.updated) {
    const index = pick % rows.length;
    const row = rows[index];
    if (row !== undefined) rows[index] = { ...row, micros: newest() };
  }
  upstream.sortRows();
  if (change.forgetsPages) upstream.forgetPages();
}
