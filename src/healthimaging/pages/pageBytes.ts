import type { SearchPage } from '../api.ts';

/** Of one row in V8: two objects with 26 members (8 bytes each), and the headers of some twenty strings (16 each). */
const rowBytes = 640;
const pageOverhead = 512;

/** What a page takes in memory, estimated: text counts two bytes a character, as it does beyond Latin-1. */
export function pageBytes({ rows, nextToken }: SearchPage): number {
  let bytes = pageOverhead + 2 * (nextToken?.length ?? 0);
  for (const row of rows) {
    bytes += rowBytes + 2 * textLength(row) + 2 * textLength(row.dicomTags ?? {});
  }
  return bytes;
}

function textLength(record: object): number {
  let length = 0;
  for (const value of Object.values(record) as unknown[]) {
    if (typeof value === 'string') length += value.length;
  }
  return length;
}
