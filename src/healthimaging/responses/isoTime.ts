const dayMs = 86_400_000;

let lastDay = Number.NaN;
let lastDate = '';

/**
 * RFC 3339 text in UTC with milliseconds. A page has 150 times, too many for Date objects; they fall on few days, so the
 * text of the last date is kept.
 * @param milliseconds whole milliseconds since 1970, within the years 0 to 9999
 */
export function isoTime(milliseconds: number): string {
  const day = Math.floor(milliseconds / dayMs);
  if (day !== lastDay) {
    lastDate = new Date(day * dayMs).toISOString().slice(0, 11);
    lastDay = day;
  }
  const rest = milliseconds - day * dayMs;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${lastDate}${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(rest % 1000)}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function three(value: number): string {
  return value < 10 ? `00${value}` : value < 100 ? `0${value}` : `${value}`;
}
