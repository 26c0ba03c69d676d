import { badUserInput } from '../../errors.ts';

/** The schema's paging arguments, as they come. */
export interface PagingArguments {
  /** 1 to 500; 25 when left out. */
  readonly first?: number | null | undefined;
  /** A cursor of the same list. */
  readonly after?: string | null | undefined;
}

const defaultFirst = 25;
const largestFirst = 500;

/** The number of rows asked for. Throws BAD_USER_INPUT when it is not a whole number from 1 to 500. */
export function readFirst(first: number | null | undefined): number {
  const count = first ?? defaultFirst;
  if (!Number.isInteger(count) || count < 1 || count > largestFirst) {
    throw badUserInput('first', `a whole number from 1 to ${largestFirst}`);
  }
  return count;
}
