import { GatewayError } from '../../errors.ts';
import type { PagePosition, Position, RowPlace, RowPosition } from '../cursor/position.ts';
import type { Margin } from './bound.ts';
import type { BoundTrials } from './boundTrials.ts';
import { isAt, keptStart } from './keptStart.ts';
import { createPageChain, firstPage, type ChainPage, type PageChain, type PageSource } from './pageChain.ts';
import { passOver, type Passed, type Start } from './passOver.ts';
import { indexOfRow, isBoundable, placesOf, valueAt, type RowOrder } from './rowOrder.ts';
import { relate } from './sortValue.ts';

export interface PagedSource<Row> extends PageSource<Row> {
  readonly order: RowOrder<Row>;
  readonly trials: BoundTrials;
  /** Rows requested of an upstream page, 1 to 50. */
  readonly pageSize: number;
}

/** Upstream pages that one field may read; as many again where rows have to be passed over from the start of the search. */
export const maximumPages = 10;

/** No more pages may be read. */
class PagesSpentError extends GatewayError {
  constructor() {
    super('CURSOR_EXPIRED');
  }
}

/** HealthImaging does not take a token any longer, or too many pages would have to be read. */
export function isExpiry(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'CURSOR_EXPIRED';
}

/** HealthImaging refuses the search as it was asked. */
function isRefused(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'BAD_USER_INPUT';
}

/**
 * How one field gets from page to page, and back to where an earlier window ended. All of it throws CURSOR_EXPIRED where that
 * would take too many pages.
 */
export class Walk<Row> {
  readonly #source: PagedSource<Row>;
  readonly #order: RowOrder<Row>;
  readonly #chain: PageChain<Row>;
  readonly #behind = new Map<ChainPage<Row>, Promise<Start<Row>>>();
  /** The last row before a page, for pages without rows. */
  readonly #lastBefore = new Map<ChainPage<Row>, RowPlace>();
  #limit = maximumPages;
  #hasBegunAnew = false;
  /** Whether HealthImaging refused the search with a bound: perhaps it refuses the search itself. */
  #isBoundRefused = false;

  constructor(source: PagedSource<Row>) {
    const { order, trials } = source;
    this.#source = source;
    this.#chain = createPageChain(source, source.pageSize);
    this.#order = {
      ...order,
      boundAt: (value, margin) =>
        trials.refused || this.#isBoundRefused ? null : order.boundAt(value, margin),
    };
  }

  /** The list from its own start, for a window of `first` rows. */
  async fromStart(first: number): Promise<Start<Row>> {
    const { keptPage, pageSize } = this.#source;
    const position = firstPage(Math.min(first + 1, pageSize));
    const kept = keptPage?.(
      'first',
      ({ request }) => request.maxResults === position.maxResults && isAt(request, null),
    );
    const page = kept === undefined ? await this.#read(position) : this.#chain.use(kept, position);
    return { page, index: 0 };
  }

  /** What comes after a position that was given out before. */
  async after({ row, page }: Position): Promise<Start<Row>> {
    return row === null ? { page: await this.#read(page), index: 0 } : this.#afterRow({ row, page });
  }

  /** What comes behind a page that has a next token. */
  behind(page: ChainPage<Row>): Promise<Start<Row>> {
    const known = this.#behind.get(page) ?? this.#goOnBehind(page);
    this.#behind.set(page, known);
    return known;
  }

  /** As `behind`, to look ahead: what is read is what the next window begins with. */
  async ahead(page: ChainPage<Row>): Promise<Start<Row>> {
    const last = page.rows.length > 0 ? this.#lastRowOf(page) : undefined;
    const isByBound = page.tokens !== undefined && last?.page === null && isBoundable(this.#order, last.row);
    return (isByBound ? await this.#fromBound(last.row) : undefined) ?? this.behind(page);
  }

  /** Reads the page that the next window will need once it has come to the end of this one, where that takes one call. */
  async readAhead(page: ChainPage<Row>): Promise<void> {
    const last = page.rows.length > 0 ? this.#lastRowOf(page) : undefined;
    if (page.nextToken === null || last === undefined || this.#fromKept(last) !== undefined) return;
    this.allowOne();
    if (last.page === null && isBoundable(this.#order, last.row)) await this.#fromBound(last.row);
    else if (page.tokens !== undefined) await this.#follow(page);
  }

  /** Whether there is a page behind, and it may be read. */
  canGoOn(page: ChainPage<Row>): boolean {
    return page.nextToken !== null && (this.#behind.has(page) || this.#chain.pagesRead() < this.#limit);
  }

  /** Where the next token of a page leads. */
  positionAfter(page: ChainPage<Row>): PagePosition {
    return this.#chain.positionAfter(page);
  }

  /** Lets one page be read where no more may be. */
  allowOne(): void {
    this.#limit = Math.max(this.#limit, this.#chain.pagesRead() + 1);
  }

  /** By the page's token or, where that is of another time or refused, by its last row. */
  async #goOnBehind(page: ChainPage<Row>): Promise<Start<Row>> {
    const followed = page.tokens === undefined ? undefined : await this.#follow(page);
    if (followed !== undefined) return followed;
    const last = this.#lastRowOf(page);
    if (last !== undefined) return this.#afterRow(last);
    if (page.tokens !== undefined) throw new GatewayError('CURSOR_EXPIRED');
    return { page: await this.#read(page.position), index: 0 };
  }

  /** Undefined where HealthImaging does not take the token. */
  async #follow(page: ChainPage<Row>): Promise<Start<Row> | undefined> {
    this.#checkLimit();
    const last = this.#lastRowOf(page);
    const next = await unlessExpired(() => this.#chain.follow(page, last?.row));
    if (next !== undefined && this.#isBoundRefused) this.#source.trials.refused = true;
    if (next !== undefined && last !== undefined) this.#lastBefore.set(next, last);
    return next && { page: next, index: 0 };
  }

  async #afterRow(position: RowPlace): Promise<Start<Row>> {
    const { row, page } = position;
    const start =
      this.#fromKept(position) ??
      (page === null ? undefined : await this.#fromNamed(page, row)) ??
      (isBoundable(this.#order, row) ? await this.#fromBound(row) : undefined) ??
      (await this.#fromSearchStart(row));
    if (!this.#lastBefore.has(start.page)) this.#lastBefore.set(start.page, position);
    return start;
  }

  #fromKept(position: RowPlace): Start<Row> | undefined {
    const kept = keptStart({ ...this.#source, order: this.#order }, position);
    return kept && { page: this.#chain.use(kept.page, kept.position), index: kept.index };
  }

  /** By the page that the position names. Undefined where that does not tell. */
  async #fromNamed(named: PagePosition, row: RowPosition): Promise<Start<Row> | undefined> {
    const page = await unlessExpired(() => this.#read(named));
    if (page === undefined) return undefined;
    const own = indexOfRow(this.#order, page, row);
    if (own !== undefined) return { page, index: own + 1 };
    if (isBoundable(this.#order, row)) return undefined;
    const beginsBefore =
      page.rows.length > 0 && relate(valueAt(this.#order, page, 0), row.value) === 'before';
    return beginsBefore || named.token === null ? this.#passOver(page, row) : undefined;
  }

  /**
   * By the search from just outside the row's value on, and a second outside where the row is not found. Undefined where the
   * search cannot be bounded.
   */
  async #fromBound(row: RowPosition): Promise<Start<Row> | undefined> {
    const { trials, pageSize } = this.#source;
    const margins: readonly Margin[] = trials.margin === 'second' ? ['second'] : ['millisecond', 'second'];
    let next: Passed<Row> | undefined;
    for (const margin of margins) {
      const bound = row.value ? this.#order.boundAt(row.value, margin) : null;
      const page = bound === null ? undefined : await this.#unlessBoundRefused(firstPage(pageSize, bound));
      if (page === undefined) return undefined;
      next = await this.#passOver(page, row);
      if (!next.isFound) continue;
      trials.margin = margin;
      return next;
    }
    return next;
  }

  async #unlessBoundRefused(position: PagePosition): Promise<ChainPage<Row> | undefined> {
    try {
      return await this.#read(position);
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#isBoundRefused = true;
      return undefined;
    }
  }

  async #fromSearchStart(row: RowPosition): Promise<Start<Row>> {
    if (!this.#hasBegunAnew) this.#limit = this.#chain.pagesRead() + maximumPages;
    this.#hasBegunAnew = true;
    return this.#passOver(await this.#readSearchStart(), row);
  }

  /** A search that gave out a cursor was well-formed: where it is refused now, it cannot go on. */
  async #readSearchStart(): Promise<ChainPage<Row>> {
    try {
      return await this.#read(firstPage(this.#source.pageSize));
    } catch (error) {
      if (!isRefused(error)) throw error;
      throw new GatewayError('CURSOR_EXPIRED', { cause: error });
    }
  }

  #passOver(first: ChainPage<Row>, row: RowPosition): Promise<Passed<Row>> {
    return passOver(this.#order, first, row, (page) => this.behind(page));
  }

  async #read(position: PagePosition): Promise<ChainPage<Row>> {
    this.#checkLimit();
    const page = await this.#chain.read(position);
    if (this.#isBoundRefused) this.#source.trials.refused = true;
    return page;
  }

  #lastRowOf(page: ChainPage<Row>): RowPlace | undefined {
    return page.rows.length > 0
      ? placesOf(this.#order, page)(page.rows.length - 1)
      : this.#lastBefore.get(page);
  }

  #checkLimit(): void {
    if (this.#chain.pagesRead() >= this.#limit) throw new PagesSpentError();
  }
}

async function unlessExpired<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PagesSpentError || !isExpiry(error)) throw error;
    return undefined;
  }
}
