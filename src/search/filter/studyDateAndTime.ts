import type { DicomStudyDateAndTime, SearchFilter } from './criteria.ts';
import { parseDicomDate, parseDicomTime } from './dicomText.ts';
import { fieldsOf, isMissing, parsed, reversed } from './inputShape.ts';

/** The schema's input `StudyDateAndTime`. */
export interface StudyDateAndTimeInput {
  /** `YYYYMMDD` or `YYYY-MM-DD` */
  readonly date: string;
  /** `HHMMSS`, `HHMMSS.FFFFFF`, `HH:MM:SS` or `HH:MM:SS.ffffff`; absent: the whole day */
  readonly time?: string | null;
}

interface StudyMoment {
  readonly date: string;
  readonly time: string | undefined;
}

const startOfDay = '000000';
const endOfDay = '235959.999999';

const date = parsed(parseDicomDate, 'a calendar day as YYYYMMDD or YYYY-MM-DD');
const time = parsed(parseDicomTime, 'a time of day as HHMMSS, HHMMSS.FFFFFF, HH:MM:SS or HH:MM:SS.ffffff');

/** Without a time the whole day is meant; HealthImaging would search for midnight. */
export function studyDateAndTimeEqual(value: unknown, path: string): SearchFilter {
  const moment = readMoment(value, path);
  return moment.time === undefined
    ? between(bound(moment, startOfDay), bound(moment, endOfDay))
    : { operator: 'EQUAL', values: [{ DICOMStudyDateAndTime: bound(moment, moment.time) }] };
}

/** Both bounds are included. Without a time, `from` is the start of its day and `to` the end of its day. */
export function studyDateAndTimeBetween(value: unknown, path: string): SearchFilter {
  const range = fieldsOf(value, path, ['from', 'to']);
  const from = bound(readMoment(range.from, `${path}.from`), startOfDay);
  const to = bound(readMoment(range.to, `${path}.to`), endOfDay);
  if (sortKey(from) > sortKey(to)) throw reversed(path);
  return between(from, to);
}

function readMoment(value: unknown, path: string): StudyMoment {
  const fields = fieldsOf(value, path, ['date', 'time']);
  return {
    date: date(fields.date, `${path}.date`),
    time: isMissing(fields.time) ? undefined : time(fields.time, `${path}.time`),
  };
}

function bound(moment: StudyMoment, otherwise: string): Required<DicomStudyDateAndTime> {
  return { DICOMStudyDate: moment.date, DICOMStudyTime: moment.time ?? otherwise };
}

function between(from: DicomStudyDateAndTime, to: DicomStudyDateAndTime): SearchFilter {
  return {
    operator: 'BETWEEN',
    values: [{ DICOMStudyDateAndTime: from }, { DICOMStudyDateAndTime: to }],
  };
}

/** Text that sorts as the points in time do, with or without a fraction. */
function sortKey({ DICOMStudyDate, DICOMStudyTime }: Required<DicomStudyDateAndTime>): string {
  return DICOMStudyDate + DICOMStudyTime.padEnd(endOfDay.length, '.000000');
}
