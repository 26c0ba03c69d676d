import type { SortValue } from '../cursor/position.ts';
import type { SearchByAttributeValue, SearchCriteria, SearchFilter, SearchSort } from '../filter/criteria.ts';
import { spanOf } from './sortValue.ts';

// A search whose next tokens are gone, or lead past rows by now, is asked again from where a row stood: with its sort
// attribute BETWEEN just outside of the row's value and the far end. The row's being there shows that nothing was cut.

/**
 * How far outside. A millisecond, since of a time its milliseconds are shown, and BETWEEN may leave its bounds out; a second,
 * in case it compares whole seconds only. HealthImaging documents neither.
 */
export type Margin = 'millisecond' | 'second';

type SortField = SearchSort['sortField'];

const second = 1000;

/** What bounds can be written as: SDKs differ before the epoch and beyond years of four digits. */
const limits: Readonly<Record<SortField, { readonly earliest: number; readonly latest: number }>> = {
  updatedAt: { earliest: 0, latest: Date.UTC(9999, 11, 31, 23, 59, 59, 999) },
  createdAt: { earliest: 0, latest: Date.UTC(9999, 11, 31, 23, 59, 59, 999) },
  DICOMStudyDateAndTime: {
    earliest: Date.parse('0001-01-01T00:00:00Z'),
    latest: Date.UTC(9999, 11, 31, 23, 59, 59, 999),
  },
};

type Attribute = SearchByAttributeValue extends infer Value
  ? Value extends Value
    ? keyof Value
    : never
  : never;

/** Whether an attribute is text, which is searched by EQUAL only. */
const isText: Readonly<Record<Attribute, boolean>> = {
  DICOMPatientId: true,
  DICOMAccessionNumber: true,
  DICOMStudyId: true,
  DICOMStudyInstanceUID: true,
  DICOMSeriesInstanceUID: true,
  createdAt: false,
  updatedAt: false,
  DICOMStudyDateAndTime: false,
  isPrimary: false,
};

/**
 * Where the search has to begin for a row of this value to be near its start, as text for `boundedBy`. Null where it cannot be made to
 * begin there: AWS shows searches by one text and one range of time, and no others; and a range of study dates never finds
 * what has none, so only a search that has such a range already can be given another.
 */
export function boundAt(criteria: SearchCriteria, value: SortValue, margin: Margin): string | null {
  const { sortField, sortOrder } = value.sort;
  const span = spanOf(value);
  if (span === undefined || !isBoundable(criteria, sortField)) return null;
  const { earliest, latest } = limits[sortField];
  const time = sortOrder === 'ASC' ? before(span.from, margin) : behind(span.to, margin);
  return [sortField, sortOrder, new Date(Math.min(Math.max(time, earliest), latest)).toISOString()].join(' ');
}

/** The same search, from the bound on. A range that the client gave is not left. */
export function boundedBy(criteria: SearchCriteria, bound: string): SearchCriteria {
  const [sortField, sortOrder, text] = bound.split(' ') as [SortField, SearchSort['sortOrder'], string];
  const filters = criteria.filters ?? [];
  const range = filters.find((filter) => isRangeOf(filter, sortField));
  const { earliest, latest } = limits[sortField];
  const [from = valueAt(sortField, earliest), to = valueAt(sortField, latest)] = range?.values ?? [];
  const time = Date.parse(text);
  const values =
    sortOrder === 'ASC'
      ? ([time > timeOf(from) ? valueAt(sortField, time) : from, to] as const)
      : ([from, time < timeOf(to) ? valueAt(sortField, time) : to] as const);
  const between: SearchFilter = { operator: 'BETWEEN', values };
  const other = filters.find((filter) => filter !== range);
  return { ...criteria, filters: other === undefined ? [between] : [other, between] };
}

function before(time: number, margin: Margin): number {
  return margin === 'millisecond' ? time - 1 : Math.floor(time / second) * second - second;
}

function behind(time: number, margin: Margin): number {
  return margin === 'millisecond' ? time + 1 : Math.floor(time / second) * second + 2 * second;
}

function isBoundable({ filters: given }: SearchCriteria, sortField: SortField): boolean {
  const filters: readonly SearchFilter[] = given ?? [];
  const others = filters.filter((filter) => !isRangeOf(filter, sortField));
  const ranges = filters.length - others.length;
  if (ranges > 1 || others.length > 1 || !others.every(isEqualToText)) return false;
  return sortField !== 'DICOMStudyDateAndTime' || ranges === 1;
}

function isRangeOf({ operator, values: [value] }: SearchFilter, sortField: SortField): boolean {
  return operator === 'BETWEEN' && sortField in value;
}

function isEqualToText({ operator, values: [value] }: SearchFilter): boolean {
  return operator === 'EQUAL' && (Object.keys(value) as Attribute[]).every((attribute) => isText[attribute]);
}

function valueAt(sortField: SortField, time: number): SearchByAttributeValue {
  const date = new Date(time);
  if (sortField === 'updatedAt') return { updatedAt: date };
  if (sortField === 'createdAt') return { createdAt: date };
  const [day = '', timeOfDay = ''] = date.toISOString().slice(0, -1).split('T');
  return {
    DICOMStudyDateAndTime: {
      DICOMStudyDate: day.replaceAll('-', ''),
      DICOMStudyTime: `${timeOfDay.replaceAll(':', '')}000`,
    },
  };
}

/** Milliseconds since the epoch; of a study's date and time, as if in UTC. */
function timeOf(value: SearchByAttributeValue): number {
  if ('updatedAt' in value) return value.updatedAt.getTime();
  if ('createdAt' in value) return value.createdAt.getTime();
  if (!('DICOMStudyDateAndTime' in value)) return Number.NaN;
  const { DICOMStudyDate, DICOMStudyTime = '000000' } = value.DICOMStudyDateAndTime;
  const sort: SearchSort = { sortField: 'DICOMStudyDateAndTime', sortOrder: 'ASC' };
  return spanOf({ sort, text: `${DICOMStudyDate}|${DICOMStudyTime}` })?.from ?? Number.NaN;
}
