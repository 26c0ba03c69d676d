const dayMs = 86_400_000;

/** More days than the image sets of a page are of; when there are as many, they are forgotten. */
const rememberedDays = 1_000;
const dates = new Map<number, string>();

/** Two digits for each number of minutes or seconds. */
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/**
 * RFC 3339 text in UTC with milliseconds. A page has 150 times, too many for Date objects; they fall on few days, so the
 * texts of their dates are kept.
 * @param milliseconds whole milliseconds since 1970, within the years 0 to 9999
 */
export function isoTime(milliseconds: number): string {
  const day = Math.floor(milliseconds / dayMs);
  const rest = milliseconds - day * dayMs;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${dateOf(day)}${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(rest % 1000)}Z`;
}

function dateOf(day: number): string {
  let date = dates.get(day);
  if (date === undefined) {
    if (dates.size === rememberedDays) dates.clear();
    date = new Date(day * dayMs).toISOString().slice(0, 11);
    dates.set(day, date);
  }
  return date;
}

function two(value: number): string {
  return twoDigits[value] ?? '';
}

function three(value: number): string {
  return value < 10 ? `00${value}` : value < 100 ? `0${value}` : `${value}`;
}
