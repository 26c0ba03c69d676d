/** `YYYYMMDD` or `YYYY-MM-DD`; both hyphens or none. */
const datePattern = /^(\d{4})(-?)(\d{2})\2(\d{2})$/;
/** `HHMMSS` or `HH:MM:SS`, with up to six decimals of a second. */
const timePattern = /^(\d{2})(:?)(\d{2})\2(\d{2})(?:\.(\d{1,6}))?$/;
const uidPattern = /^[0-9.]{1,64}$/;

/**
 * Reads a day of the Gregorian calendar (DICOM PS3.5, value representation DA), with or without ISO 8601's hyphens.
 * @returns `yyyyMMdd`; undefined for any other text
 */
export function parseDicomDate(text: string): string | undefined {
  const [, year = '', , month = '', day = ''] = datePattern.exec(text) ?? [];
  const days = daysOfMonth(Number(year), Number(month));
  // The Gregorian calendar has no year 0.
  if (Number(year) < 1 || Number(day) < 1 || Number(day) > days) return undefined;
  return year + month + day;
}

/**
 * Reads a time of day (DICOM PS3.5, value representation TM) of at least second precision, with or without ISO 8601's
 * colons. Second 60 is a leap second, which TM allows at any minute, since time zones shift it.
 * @returns `HHmmss`, with a fraction `HHmmss.FFFFFF`; undefined for any other text
 */
export function parseDicomTime(text: string): string | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const [, hour = '', , minute = '', second = '', fraction] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const time = hour + minute + second;
  return fraction === undefined ? time : `${time}.${fraction.padEnd(6, '0')}`;
}

/** The text itself when it has the form of a unique identifier (DICOM PS3.5, value representation UI), else undefined. */
export function parseDicomUid(text: string): string | undefined {
  return uidPattern.test(text) ? text : undefined;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
