import { studyKeyOfCriteria } from './studyDateKey.ts';
import { validationError, type Fault } from '../model/validate.ts';

/** SearchCriteria as the wire has it, deserialized and held against the model. */
export interface SearchCriteria {
  readonly filters?: readonly {
    readonly operator: 'EQUAL' | 'BETWEEN';
    readonly values: readonly AttributeValue[];
  }[];
  readonly sort?: Sort;
}

/** One member. Timestamps in seconds since 1970. */
export type AttributeValue = Readonly<Record<string, string | number | boolean | StudyDateAndTime>>;

export interface StudyDateAndTime {
  readonly DICOMStudyDate: string;
  readonly DICOMStudyTime?: string;
}

export interface Sort {
  readonly sortField: 'updatedAt' | 'createdAt' | 'DICOMStudyDateAndTime';
  readonly sortOrder: 'ASC' | 'DESC';
}

/** One filter on one column, both bounds inclusive. Times are milliseconds since 1970, study dates are their keys. */
export interface Condition {
  readonly column: Column;
  readonly low: string | number;
  readonly high: string | number;
}

export interface Search {
  readonly conditions: readonly Condition[];
  readonly sort: Sort;
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
/** To the end of the year 9999: what a time of day can be written for. */
const greatestSeconds = 253_402_300_799.999;

/** What the service sorts by when a search does not say: "from newest to oldest" of updatedAt. */
const defaultSort: Sort = { sortField: 'updatedAt', sortOrder: 'DESC' };

export function columnOf(field: Sort['sortField']): 'updated_at' | 'created_at' | 'study_key' {
  return columns[field];
}

/**
 * What a search means. The service does not document what follows; these choices are ours: EQUAL compares text byte by byte
 * and times to the millisecond, both bounds of BETWEEN are included, filters are joined by AND, and what cannot be searched for
 * (below) is an error rather than an empty answer.
 * @throws {ServiceError} ValidationException
 */
export function readCriteria({ filters = [], sort = defaultSort }: SearchCriteria): Search {
  const read = filters.map((filter, index) =>
    readFilter(filter, `searchCriteria.filters.${index + 1}.member`),
  );
  const faults = read.flatMap((result) => ('constraint' in result ? [result] : []));
  if (faults.length > 0) throw validationError(faults);
  return { conditions: read.flatMap((result) => ('column' in result ? [result] : [])), sort };
}

/** The same text for searches that give the same rows in the same order. */
export function canonicalCriteria({ conditions, sort }: Search): string {
  const parts = conditions.map(({ column, low, high }) => JSON.stringify([column, low, high]));
  return JSON.stringify([parts.sort(), sort.sortField, sort.sortOrder]);
}

function readFilter({ operator, values }: Filter, path: string): Condition | Fault {
  const shape = shapeFault(operator, values, `${path}.values`);
  if (shape !== undefined) return shape;
  const bounds: (string | number)[] = [];
  for (const [index, value] of values.entries()) {
    const bound = readValue(value, `${path}.values.${index + 1}.member`);
    if (typeof bound === 'object') return bound;
    bounds.push(bound);
  }
  const [low, high = low] = bounds;
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

function shapeFault(operator: Filter['operator'], values: Filter['values'], path: string): Fault | undefined {
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

function readValue(value: AttributeValue, path: string): string | number | Fault {
  const [[attribute, content] = []] = Object.entries(value);
  if (typeof content === 'number') return readTime(content, `${path}.${attribute ?? ''}`);
  if (typeof content === 'boolean') return content ? 1 : 0;
  if (typeof content === 'object') return readStudyDate(content, `${path}.${attribute ?? ''}`);
  return content ?? '';
}

/** JSON carries milliseconds as a fraction that binary numbers only come close to: 482196050.52. */
function readTime(seconds: number, path: string): number | Fault {
  if (Math.abs(seconds) <= greatestSeconds) return Math.round(seconds * 1000);
  return { path, constraint: 'Member must be a timestamp in seconds since 1970, not after the year 9999' };
}

function readStudyDate({ DICOMStudyDate, DICOMStudyTime }: StudyDateAndTime, path: string): string | Fault {
  const key = studyKeyOfCriteria(DICOMStudyDate, DICOMStudyTime);
  if (key !== undefined) return key;
  return {
    path,
    constraint:
      'Member must have a DICOMStudyDate of form yyyyMMdd and a DICOMStudyTime of form HHmmss or HHmmss.FFFFFF',
  };
}

function isAttribute(name: string | undefined): name is Attribute {
  return name !== undefined && Object.hasOwn(columns, name);
}
