import type { SortValue } from '../cursor/position.ts';
import { longestValue } from '../cursor/payload.ts';
import type { SearchCriteria, SearchSort } from '../filter/criteria.ts';
import { parseDicomDate } from '../filter/dicomText.ts';
import type { ImageSetRow } from '../imageSet.ts';

/** HealthImaging's default: its model says "newest to oldest". */
const defaultSort: SearchSort = { sortField: 'updatedAt', sortOrder: 'DESC' };

/**
 * What a row has where its search is sorted; null where it has nothing there.
 * @param reported the order that HealthImaging says it used
 */
export function sortValueOf(
  row: ImageSetRow,
  criteria: SearchCriteria,
  reported: SearchSort | null,
): SortValue | null {
  const sort = reported ?? criteria.sort ?? defaultSort;
  const text =
    sort.sortField === 'DICOMStudyDateAndTime'
      ? studyText(row.dicomTags?.studyDate, row.dicomTags?.studyTime)
      : row[sort.sortField];
  return text === null || isTooLong(text) ? null : { sort, text };
}

/** A UTF-16 unit takes three bytes at most, and most values are a time. */
function isTooLong(text: string): boolean {
  return 3 * text.length > longestValue && Buffer.byteLength(text) > longestValue;
}

/** A point in time or, for a study without a whole time of day, all the time that it may mean. In milliseconds, both included. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Undefined for a study whose date is none. */
export function spanOf({ sort, text }: SortValue): TimeSpan | undefined {
  if (sort.sortField === 'DICOMStudyDateAndTime') return spanOfStudy(text);
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : { from: time, to: time };
}

/**
 * Where a row stands by its value. `tie` where the values are equal or do not tell: whoever goes on from there may show a
 * row twice, and loses none.
 */
export type Relation = 'before' | 'tie' | 'behind';

/** Whether a row with the one value comes before or behind a row with the other, in the order of their search. */
export function relate(one: SortValue | null | undefined, other: SortValue | null | undefined): Relation {
  const [span, otherSpan] = [one && spanOf(one), other && spanOf(other)];
  if (!one || !span || !otherSpan) return 'tie';
  if (span.to < otherSpan.from) return one.sort.sortOrder === 'ASC' ? 'before' : 'behind';
  if (span.from > otherSpan.to) return one.sort.sortOrder === 'ASC' ? 'behind' : 'before';
  return 'tie';
}

export function isSameValue(one: SortValue | null, other: SortValue | null): boolean {
  return (
    one?.text === other?.text &&
    one?.sort.sortField === other?.sort.sortField &&
    one?.sort.sortOrder === other?.sort.sortOrder
  );
}

function studyText(date: string | null | undefined, time: string | null | undefined): string | null {
  const [day, timeOfDay] = [date ?? '', time ?? ''];
  return day === '' && timeOfDay === '' ? null : `${day}|${timeOfDay}`;
}

/** DICOM DA, and a whole TM (PS3.5 section 6.2). */
const wholeStudy = /^(\d{4})(\d{2})(\d{2})\|(?:([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:\.(\d{1,6}))?$)?/;

const dayLength = 24 * 60 * 60 * 1000;

/** Of a time of day that is missing, partial or odd, only the day is sure. */
function spanOfStudy(text: string): TimeSpan | undefined {
  const [, year = '', month = '', day = '', hours, minutes, seconds, fraction = ''] =
    wholeStudy.exec(text) ?? [];
  if (parseDicomDate(year + month + day) === undefined) return undefined;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  if (hours === undefined) return { from: midnight, to: midnight + dayLength - 1 };
  const wholeSeconds = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const time = midnight + wholeSeconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { from: time, to: time };
}
