const dateForm = /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/;
const timeForm = /^(?<hour>\d{2})(?:(?<minute>\d{2})(?:(?<second>\d{2})(?:\.(?<fraction>\d{1,6}))?)?)?$/;

/**
 * @param date a DA value (PS3.5 table 6.2-1): YYYYMMDD
 * @returns the date itself; undefined when the calendar does not have it
 */
function dateKey(date: string): string | undefined {
  const { year = '', month = '', day = '' } = dateForm.exec(date)?.groups ?? {};
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return year !== '' && time.getUTCMonth() + 1 === Number(month) && time.getUTCDate() === Number(day)
    ? date
    : undefined;
}

/**
 * @param time a TM value (PS3.5 table 6.2-1): HH, HHMM, HHMMSS or HHMMSS.F with one to six digits; 60 is a leap second
 * @returns HHMMSSFFFFFF, missing parts as zeros; undefined when there is no such time
 */
function timeKey(time: string): string | undefined {
  const { hour, minute = '00', second = '00', fraction = '' } = timeForm.exec(time)?.groups ?? {};
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return `${hour}${minute}${second}${fraction.padEnd(6, '0')}`;
}

/**
 * The key by which study dates and times are compared: twenty digits, YYYYMMDDHHMMSSFFFFFF. The service documents no comparison;
 * that missing and invalid parts of a time count as zeros, and that an image set without a valid date has no key, is our choice.
 * @returns an empty string when there is no key
 */
export function studyKeyOfFile(date: string | undefined, time: string | undefined): string {
  const day = dateKey((date ?? '').trim());
  return day === undefined ? '' : day + (timeKey((time ?? '').trim()) ?? '0'.repeat(12));
}

/**
 * The key of a bound in search criteria. Without a time it is the start of the day (service model, DICOMStudyDateAndTime).
 * @returns undefined when the date or the time does not exist
 */
export function studyKeyOfCriteria(date: string, time: string | undefined): string | undefined {
  const day = dateKey(date);
  const start = time === undefined || time === '' ? '0'.repeat(12) : timeKey(time);
  return day === undefined || start === undefined ? undefined : day + start;
}
