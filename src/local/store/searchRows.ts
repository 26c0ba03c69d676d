import {
  columnOf,
  type Column,
  type Condition,
  type PageOfSearch,
  type Search,
  type SearchRows,
} from './criteria.ts';
import type { PagePosition } from './pageToken.ts';
import type { Store } from './store.ts';

const indexes: Readonly<Record<Column, string>> = {
  patient_id: 'by_patient_id',
  accession_number: 'by_accession_number',
  study_id: 'by_study_id',
  study_uid: 'by_study_uid',
  series_uid: 'by_series_uid',
  created_at: 'by_created',
  updated_at: 'by_updated',
  study_key: 'by_study',
  is_primary: 'by_is_primary',
};

/** Columns whose index has rows of equal value in the default order. */
const inDefaultOrder: ReadonlySet<Column> = new Set([
  'patient_id',
  'accession_number',
  'study_id',
  'study_uid',
  'series_uid',
  'is_primary',
]);

/** A condition that this many image sets meet is wide: to read and sort them all would take too long. */
const wide = 2_000;
/**
 * How many entries of an index are walked for rows that meet wide conditions, before all that meet the narrowest are read and
 * sorted after all: about two milliseconds.
 */
const walkBudget = 10_000;

interface Clause {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * The rows of a page. Takes microseconds, however far into the search the page is; where many rows meet conditions on other
 * attributes than the one that is sorted by, a walk of some milliseconds, and beyond that the store's thread.
 */
export async function searchRows(store: Store, page: PageOfSearch): Promise<SearchRows> {
  const { query, driver } = plan(store, page);
  return (
    searchBriefly(query, driver) ?? (await store.thread?.search(page)) ?? collectKeys(query, driver.narrowest)
  );
}

/** The same, all at once. */
export function searchAtLength(store: Store, page: PageOfSearch): SearchRows {
  const { query, driver } = plan(store, page);
  return searchBriefly(query, driver) ?? collectKeys(query, driver.narrowest);
}

function plan(store: Store, { search, after, limit }: PageOfSearch): { query: Query; driver: Driver } {
  const sortColumn = columnOf(search.sort.sortField);
  const others = search.conditions.filter(({ column }) => column !== sortColumn);
  const range = sortRange(search, sortColumn, after);
  return {
    query: { store, search, sortColumn, range, others, limit },
    driver: chooseDriver(store, others, sortColumn),
  };
}

/** Undefined where that takes longer. */
function searchBriefly(query: Query, driver: Driver): SearchRows | undefined {
  return driver.isNarrow ? collect(query, driver.index) : walk(query, driver);
}

interface Query {
  readonly store: Store;
  readonly search: Search;
  readonly sortColumn: ReturnType<typeof columnOf>;
  readonly range: Clause;
  readonly others: readonly Condition[];
  readonly limit: number;
}

/** The index that a search reads by. */
interface Driver {
  readonly index: string;
  /** Whether few rows of it are not of the page. */
  readonly isNarrow: boolean;
  /** The condition that the index begins with; undefined: the sort's own index. */
  readonly leading: Condition | undefined;
  /** The index whose rows are the fewest to sort. */
  readonly narrowest: string;
}

/**
 * Chooses the index that a search reads by. SQLite does not know how many rows a value or a range has, so they are counted, up to
 * `wide`. A narrow condition leads, and its rows are sorted. An equality whose index is in the default order leads without sorting.
 * Otherwise the sort's own index leads, and rows that do not meet the conditions are passed over.
 */
function chooseDriver(store: Store, others: readonly Condition[], sortColumn: Column): Driver {
  const sorted = sortColumn === 'updated_at' ? others.filter(({ column }) => inDefaultOrder.has(column)) : [];
  const [leading] = sorted;
  const index = indexes[leading?.column ?? sortColumn];
  if (others.length === 0 || (leading !== undefined && others.length === 1))
    return { index, isNarrow: true, leading, narrowest: index };
  const [fewest] = others
    .map((condition) => ({ index: indexes[condition.column], rows: countUpTo(store, condition) }))
    .sort((one, other) => one.rows - other.rows);
  const narrowest = fewest?.index ?? index;
  if (fewest !== undefined && fewest.rows < wide)
    return { index: narrowest, isNarrow: true, leading: undefined, narrowest };
  return { index, isNarrow: false, leading, narrowest };
}

function countUpTo(store: Store, condition: Condition): number {
  const { sql, values } = clauseOf(condition);
  const index = indexes[condition.column];
  const row = store
    .prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM image_set INDEXED BY ${index} WHERE ${sql} LIMIT ${wide})`,
    )
    .get(...values);
  return Number(row?.['n']);
}

function clauseOf({ column, low, high }: Condition): Clause {
  return low === high
    ? { sql: `${column} = ?`, values: [low] }
    : { sql: `${column} BETWEEN ? AND ?`, values: [low, high] };
}

/**
 * The range of the sort column that its conditions and the position leave. The position replaces the bound on its side: given both,
 * SQLite would start at the bound and pass over all rows up to the position.
 */
function sortRange({ conditions, sort }: Search, column: Column, after: PagePosition | undefined): Clause {
  const descending = sort.sortOrder === 'DESC';
  const lows = conditions
    .filter(
      (condition) => condition.column === column || bounds(condition, 'created_at', 'updated_at', column),
    )
    .map(({ low }) => ({ sql: `${column} >= ?`, values: [low] }));
  const highs = conditions
    .filter(
      (condition) => condition.column === column || bounds(condition, 'updated_at', 'created_at', column),
    )
    .map(({ high }) => ({ sql: `${column} <= ?`, values: [high] }));
  if (after === undefined) return join([...lows, ...highs]);
  const position = {
    sql: `(${column}, seq) ${descending ? '<' : '>'} (?, ?)`,
    values: [after.key, after.seq],
  };
  return join([...(descending ? lows : highs), position]);
}

/** A lower bound of createdAt is one of updatedAt, and an upper bound of updatedAt one of createdAt: the table has a constraint. */
function bounds(condition: Condition, from: Column, to: Column, column: Column): boolean {
  return condition.column === from && column === to;
}

function join(clauses: readonly Clause[]): Clause {
  return {
    sql: clauses.map(({ sql }) => sql).join(' AND ') || 'TRUE',
    values: clauses.flatMap(({ values }) => values),
  };
}

/** Rows that meet all conditions, by an index. Reads one more than the page has, to know whether another follows. */
function collect({ store, search, sortColumn, range, others, limit }: Query, index: string): SearchRows {
  const where = join([...others.map(clauseOf), range]);
  return toRows(
    limit,
    store
      .prepare(
        `SELECT summary, ${sortColumn} AS key, seq FROM image_set INDEXED BY ${index}
         WHERE ${where.sql} ORDER BY ${orderBy(search, sortColumn)} LIMIT ?`,
      )
      .all(...where.values, limit + 1),
  );
}

/** Like `collect`, for many rows: sorts keys, which the index has, and reads only the rows of the page. */
function collectKeys({ store, search, sortColumn, range, others, limit }: Query, index: string): SearchRows {
  const where = join([...others.map(clauseOf), range]);
  return toRows(
    limit,
    store
      .prepare(
        `SELECT image_set.summary, found.key, found.seq FROM (
           SELECT ${sortColumn} AS key, seq FROM image_set INDEXED BY ${index}
           WHERE ${where.sql} ORDER BY ${orderBy(search, sortColumn)} LIMIT ?
         ) AS found JOIN image_set USING (seq) ORDER BY ${orderBy(search, 'found.key', 'found.seq')}`,
      )
      .all(...where.values, limit + 1),
  );
}

/** Walks an index that is in the order of the sort. Undefined when the budget ran out before the page was full. */
function walk(
  { store, search, sortColumn, range, others, limit }: Query,
  { index, leading }: Driver,
): SearchRows | undefined {
  const along = join([...(leading === undefined ? [] : [clauseOf(leading)]), range]);
  const where = join(others.filter((condition) => condition !== leading).map(clauseOf));
  const order = orderBy(search, sortColumn);
  const columns = [...new Set(['seq', sortColumn, ...others.map(({ column }) => column)])].join(', ');
  const rows = store
    .prepare(
      `SELECT image_set.summary, found.${sortColumn} AS key, found.seq FROM (
         SELECT * FROM (
           SELECT ${columns} FROM image_set INDEXED BY ${index}
           WHERE ${along.sql} ORDER BY ${order} LIMIT ${walkBudget}
         ) WHERE ${where.sql} ORDER BY ${order} LIMIT ?
       ) AS found JOIN image_set USING (seq) ORDER BY ${orderBy(search, `found.${sortColumn}`, 'found.seq')}`,
    )
    .all(...along.values, ...where.values, limit + 1);
  return rows.length > limit ? toRows(limit, rows) : undefined;
}

function orderBy({ sort }: Search, column: string, seq = 'seq'): string {
  return `${column} ${sort.sortOrder}, ${seq} ${sort.sortOrder}`;
}

function toRows(limit: number, rows: readonly Record<string, unknown>[]): SearchRows {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    summaries: page.map((row) => String(row['summary'])),
    ...(last !== undefined && { end: { key: last['key'] as number | string, seq: Number(last['seq']) } }),
  };
}
