import { LRUCache } from 'lru-cache';

import { attached } from '../../attached.ts';
import type { ConnectionIdentity } from '../../search/paging/connection.ts';

/** What a key and its entry take beside the answer itself, in bytes. */
const entryBytes = 400;

/** Answers of windows of pages that are kept: they are found for as long as the page is, and by whom its cursors are for. */
export interface KeptAnswers {
  find(place: AnswerPlace): Buffer | undefined;
  /** Keeps an answer from the second time on that it was asked for: most are asked for once. */
  keep(place: AnswerPlace, answer: Buffer): void;
}

export interface AnswerPlace {
  readonly connection: ConnectionIdentity;
  /** What else the answer depends on. */
  readonly form: string;
}

/** @param maximumBytes of all answers and their keys; 0: none are kept */
export function createKeptAnswers(maximumBytes: number): KeptAnswers {
  if (maximumBytes === 0) return { find: () => undefined, keep: () => undefined };
  const answers = new LRUCache<string, Buffer>({
    maxSize: maximumBytes,
    sizeCalculation: ({ length }, key) => length + 2 * key.length + entryBytes,
  });
  /** By their rows: a page that is fetched anew has other rows, and no answers yet. */
  const pages = attached<object, { readonly id: number; readonly asked: Set<string> }>();
  let lastId = 0;
  const pageOf = ({ pageRows }: ConnectionIdentity) => {
    let page = pages.get(pageRows);
    if (page === undefined) {
      page = { id: (lastId += 1), asked: new Set() };
      pages.set(pageRows, page);
    }
    return page;
  };
  const keyOf = ({ connection, form }: AnswerPlace) => `${form} ${connection.text()}`;
  return {
    find: (place) => answers.get(`${pageOf(place.connection).id} ${keyOf(place)}`),
    keep(place, answer) {
      const { id, asked } = pageOf(place.connection);
      const key = keyOf(place);
      if (asked.has(key)) answers.set(`${id} ${key}`, answer);
      else if (asked.size < mostAsked) asked.add(key);
    },
  };
}

/** Windows of a page that are remembered as asked for; a page of 50 rows has as many that a client may ask for. */
const mostAsked = 50;
