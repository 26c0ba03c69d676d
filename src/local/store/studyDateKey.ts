const dateForm = /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/;
const timeForm = /^(?<hour>\d{2})(?:(?<minute>\d{2})(?:(?<second>\d{2})(?:\.(?<fraction>\d{1,6}))?)?)?$/;

/**
 * Dates of files: with the separators of ACR-NEMA 2.0 and others, and with a time behind, as in DT. Of several values, the first.
 */
const dateFormOfFile =
  /^\s*(?<year>\d{4})(?<separator>[./-]?)(?<month>\d{2})\k<separator>(?<day>\d{2})(?:[ T]?\d{2}.*)?\s*(?:\\.*)?$/s;

/**
 * Times of files: with colons, as ACR-NEMA 2.0 has them, with any fraction, a time zone, or a date before, as in DT. Of several
 * values, the first.
 */
const timeFormOfFile =
  /^\s*(?:\d{8})?(?<hour>\d{2})(?:(?<separator>:?)(?<minute>\d{2})(?:\k<separator>(?<second>\d{2})(?:[.,](?<fraction>\d*))?)?)?(?:[+-]\d{4})?\s*(?:\\.*)?$/s;

/** Behind midnight, and before all that comes after it. */
const noTime = `${'0'.repeat(12)}~`;

type Groups = Readonly<Record<string, string | undefined>>;

/** @returns YYYYMMDD; undefined when the calendar does not have it */
function dateKey({ year = '', month = '', day = '' }: Groups = {}): string | undefined {
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return year !== '' && time.getUTCMonth() + 1 === Number(month) && time.getUTCDate() === Number(day)
    ? year + month + day
    : undefined;
}

/** @returns HHMMSSFFFFFF, missing parts as zeros; undefined when there is no such time. 60 is a leap second. */
function timeKey({ hour, minute = '00', second = '00', fraction = '' }: Groups = {}): string | undefined {
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return `${hour}${minute}${second}${fraction.slice(0, 6).padEnd(6, '0')}`;
}

/**
 * The key by which study dates and times are compared: YYYYMMDDHHMMSSFFFFFF. The service documents no comparison; these are our choices:
 * missing parts of a time count as zeros; text that is no time of day leaves the day, by which alone it is found; an image set without
 * a valid date has no key. A time zone does not move it: it is the time that was written.
 * @returns an empty string when there is no key
 */
export function studyKeyOfFile(date: string | undefined, time: string | undefined): string {
  const day = dateKey(dateFormOfFile.exec(date ?? '')?.groups);
  if (day === undefined) return '';
  if ((time ?? '').trim() === '') return day + '0'.repeat(12);
  return day + (timeKey(timeFormOfFile.exec(time ?? '')?.groups) ?? noTime);
}

/** The keys from one to another, both included. */
export interface StudyKeys {
  readonly low: string;
  readonly high: string;
}

/**
 * The keys that a bound in search criteria stands for: without a time, the start of the day (service model, DICOMStudyDateAndTime) and
 * studies of the day that have no time.
 * @param date a DA value (PS3.5 table 6.2-1)
 * @param time a TM value
 * @returns undefined when the date or the time does not exist
 */
export function studyKeysOfCriteria(date: string, time: string | undefined): StudyKeys | undefined {
  const day = dateKey(dateForm.exec(date)?.groups);
  if (day === undefined) return undefined;
  if (time === undefined || time === '') return { low: day + '0'.repeat(12), high: day + noTime };
  const start = timeKey(timeForm.exec(time)?.groups);
  return start === undefined ? undefined : { low: day + start, high: day + start };
}
