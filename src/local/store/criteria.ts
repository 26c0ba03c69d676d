import { validationError, type Violation } from '../model/validate.ts';
import type { PagePosition } from './pageToken.ts';
import { studyKeysOfCriteria } from './studyDateKey.ts';

/** SearchCriteria of the service model, deserialized and validated. */
export interface SearchCriteria {
  readonly filters?: readonly {
    readonly operator: 'EQUAL' | 'BETWEEN';
    readonly values: readonly AttributeValue[];
  }[];
  readonly sort?: Sort;
}

/** A union: it has one member. Timestamps are seconds since 1970. */
export type AttributeValue = Readonly<Record<string, string | number | boolean | StudyDateAndTime>>;

export interface StudyDateAndTime {
  readonly DICOMStudyDate: string;
  readonly DICOMStudyTime?: string;
}

export interface Sort {
  readonly sortField: 'updatedAt' | 'createdAt' | 'DICOMStudyDateAndTime';
  readonly sortOrder: 'ASC' | 'DESC';
}

/** A filter on one column, with inclusive bounds. Times are milliseconds since 1970, study dates and times their keys. */
export interface Condition {
  readonly column: Column;
  readonly low: string | number;
  readonly high: string | number;
}

export interface Search {
  readonly conditions: readonly Condition[];
  readonly sort: Sort;
}

/** A page of a search: at most `limit` rows after a position. */
export interface PageOfSearch {
  readonly search: Search;
  readonly after: PagePosition | undefined;
  readonly limit: number;
}

/** The rows of a page. */
export interface SearchRows {
  /** Members of imageSetsMetadataSummaries, in JSON. */
  readonly summaries: readonly string[];
  /** Where the page ended; absent when no row follows. */
  readonly end?: PagePosition;
}

const columns = {
  DICOMPatientId: 'patient_id',
  DICOMAccessionNumber: 'accession_number',
  DICOMStudyId: 'study_id',
  DICOMStudyInstanceUID: 'study_uid',
  DICOMSeriesInstanceUID: 'series_uid',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  DICOMStudyDateAndTime: 'study_key',
  isPrimary: 'is_primary',
} as const;

type Attribute = keyof typeof columns;
export type Column = (typeof columns)[Attribute];
type Filter = NonNullable<SearchCriteria['filters']>[number];

const ranges: ReadonlySet<string> = new Set<Attribute>(['createdAt', 'updatedAt', 'DICOMStudyDateAndTime']);
/** The end of the year 9999. */
const maximumSeconds = 253_402_300_799.999;

/** The service's default: "from newest to oldest" by updatedAt. */
const defaultSort: Sort = { sortField: 'updatedAt', sortOrder: 'DESC' };

export function columnOf(field: Sort['sortField']): 'updated_at' | 'created_at' | 'study_key' {
  return columns[field];
}

/**
 * Gives a search its meaning. Where the service's documentation says nothing, these are our choices: EQUAL compares text byte by byte
 * but for blanks at its ends, and times to the millisecond, BETWEEN includes both bounds, filters are joined by AND, and criteria that nothing could meet are
 * refused.
 * @throws {ServiceError} ValidationException
 */
export function readCriteria({ filters = [], sort = defaultSort }: SearchCriteria): Search {
  const read = filters.map((filter, index) =>
    readFilter(filter, `searchCriteria.filters.${index + 1}.member`),
  );
  const violations = read.flatMap((result) => ('constraint' in result ? [result] : []));
  if (violations.length > 0) throw validationError(violations);
  return { conditions: read.flatMap((result) => ('column' in result ? [result] : [])), sort };
}

/** Equal for searches that give the same rows in the same order. */
export function canonicalCriteria({ conditions, sort }: Search): string {
  const parts = conditions.map(({ column, low, high }) => JSON.stringify([column, low, high]));
  return JSON.stringify([parts.sort(), sort.sortField, sort.sortOrder]);
}

function readFilter({ operator, values }: Filter, path: string): Condition | Violation {
  const shape = shapeViolation(operator, values, `${path}.values`);
  if (shape !== undefined) return shape;
  const bounds: Bounds[] = [];
  for (const [index, value] of values.entries()) {
    const bound = readValue(value, `${path}.values.${index + 1}.member`);
    if ('constraint' in bound) return bound;
    bounds.push(bound);
  }
  const [low, high] = [bounds[0]?.low, bounds.at(-1)?.high];
  const [attribute] = Object.keys(values[0] ?? {});
  if (low === undefined || high === undefined || !isAttribute(attribute)) {
    throw new Error('A filter passed validation without a value.');
  }
  if (low > high) {
    return {
      path: `${path}.values`,
      constraint: 'Member must have a lower bound that is not above its upper bound',
    };
  }
  return { column: columns[attribute], low, high };
}

function shapeViolation(
  operator: Filter['operator'],
  values: Filter['values'],
  path: string,
): Violation | undefined {
  const attributes = new Set(values.flatMap((value) => Object.keys(value)));
  if (attributes.size > 1) return { path, constraint: 'Member must have values of one attribute' };
  const [attribute = ''] = attributes;
  if (operator === 'EQUAL' && values.length !== 1) {
    return { path, constraint: 'Member must have exactly one value for operator EQUAL' };
  }
  if (operator === 'BETWEEN' && !ranges.has(attribute)) {
    return {
      path,
      constraint: `Member must have values of [${[...ranges].join(', ')}] for operator BETWEEN`,
    };
  }
  if (operator === 'BETWEEN' && values.length !== 2) {
    return {
      path,
      constraint: 'Member must have exactly two values, lower and upper bound, for operator BETWEEN',
    };
  }
  return undefined;
}

type Bounds = Pick<Condition, 'low' | 'high'>;

const exactly = (value: string | number): Bounds => ({ low: value, high: value });

function readValue(value: AttributeValue, path: string): Bounds | Violation {
  const [[attribute, content] = []] = Object.entries(value);
  if (typeof content === 'number') return readTime(content, `${path}.${attribute ?? ''}`);
  if (typeof content === 'boolean') return exactly(content ? 1 : 0);
  if (typeof content === 'object') return readStudyDate(content, `${path}.${attribute ?? ''}`);
  // PS3.5 6.2: blanks at either end are padding, which `summaryTags` drops as well.
  return exactly((content ?? '').trim());
}

/** Rounded, for the fraction of JSON's seconds is not exact in binary: 482196050.52. */
function readTime(seconds: number, path: string): Bounds | Violation {
  if (Math.abs(seconds) <= maximumSeconds) return exactly(Math.round(seconds * 1000));
  return { path, constraint: 'Member must be a timestamp in seconds since 1970, not after the year 9999' };
}

function readStudyDate(
  { DICOMStudyDate, DICOMStudyTime }: StudyDateAndTime,
  path: string,
): Bounds | Violation {
  const keys = studyKeysOfCriteria(DICOMStudyDate, DICOMStudyTime);
  if (keys !== undefined) return keys;
  return {
    path,
    constraint:
      'Member must have a DICOMStudyDate of form yyyyMMdd and a DICOMStudyTime of form HHmmss or HHmmss.FFFFFF',
  };
}

function isAttribute(name: string | undefined): name is Attribute {
  return name !== undefined && Object.hasOwn(columns, name);
}
