import type { ApolloServerPlugin } from '@apollo/server';

import { GatewayError } from '../../errors.ts';
import { refuse } from '../errors/refuse.ts';
import type { Excess } from './operationLimits.ts';

/** Well below what runs out of stack in graphql-js, which goes down a document level by level. */
const mostLevels = 1_000;
/** graphql-js counts the lines before an error for each error. */
const mostLines = 20_000;
/** graphql-js compares a wrong name with all that there are, letter by letter. */
const longestName = 1_000;

const code = (character: string) => character.charCodeAt(0);
const [lineFeed, carriageReturn, quote, backslash, comment] = ['\n', '\r', '"', '\\', '#'].map(code);
const opening = new Set(['{', '[', '('].map(code));
const closing = new Set(['}', ']', ')'].map(code));

interface DocumentForm {
  /** Of brackets, the deepest of each operation and fragment added up: a fragment may be spread below another. */
  readonly levels: number;
  readonly lines: number;
  /** In characters. */
  readonly longestName: number;
}

/** What a document's text takes to read and to refuse, by one look at each character, whether or not it is GraphQL. */
export function documentForm(source: string): DocumentForm {
  let [levels, deepest, level, lines, name, longest] = [0, 0, 0, 1, 0, 0];
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charCodeAt(index);
    if (isOfName(character)) {
      name += 1;
      if (name > longest) longest = name;
      continue;
    }
    name = 0;
    if (isLineEnd(character)) lines += 1;
    else if (character === quote || character === comment) {
      const end = endOf(source, index);
      for (let at = index; at < end; at += 1) if (isLineEnd(source.charCodeAt(at))) lines += 1;
      index = end - 1;
    } else if (opening.has(character)) {
      level += 1;
      if (level > deepest) deepest = level;
    } else if (closing.has(character)) {
      level = Math.max(0, level - 1);
      if (level > 0) continue;
      levels += deepest;
      deepest = 0;
    }
  }
  return { levels: levels + deepest, lines, longestName: longest };
}

function isLineEnd(character: number): boolean {
  return character === lineFeed || character === carriageReturn;
}

/** Letters, digits and underscores. */
function isOfName(character: number): boolean {
  return (
    (character >= 0x61 && character <= 0x7a) ||
    (character >= 0x41 && character <= 0x5a) ||
    (character >= 0x30 && character <= 0x39) ||
    character === 0x5f
  );
}

/** Where the string or comment ends that begins at an index. */
function endOf(source: string, start: number): number {
  if (source.charCodeAt(start) === comment) {
    let end = start;
    while (end < source.length && !isLineEnd(source.charCodeAt(end))) end += 1;
    return end;
  }
  if (source.startsWith('"""', start)) {
    let end = source.indexOf('"""', start + 3);
    while (end >= 0 && source.charCodeAt(end - 1) === backslash) end = source.indexOf('"""', end + 3);
    return end < 0 ? source.length : end + 3;
  }
  for (let index = start + 1; index < source.length; index += 1) {
    const character = source.charCodeAt(index);
    if (character === backslash) index += 1;
    else if (character === quote) return index + 1;
    else if (isLineEnd(character)) return index;
  }
  return source.length;
}

/** A limit that cannot be set, since it bounds what the process can bear. */
export function formExcess(source: string): Excess | undefined {
  if (source.length <= longestName) return undefined;
  const { levels, lines, longestName: longest } = documentForm(source);
  if (levels > mostLevels)
    return {
      limit: 'nesting',
      message: `Expected at most ${mostLevels} levels of brackets, those of all operations and fragments added up.`,
    };
  if (lines > mostLines) return { limit: 'lines', message: `Expected at most ${mostLines} lines.` };
  return longest <= longestName
    ? undefined
    : { limit: 'names', message: `Expected names of at most ${longestName} letters.` };
}

/** Stands for a document that is not even parsed. */
const placeholder = '{ __typename }';

/**
 * Refuses documents that would be read at a great expense, or not at all. Apollo Server parses a document before any plugin may
 * refuse it: so it is given another.
 */
export function documentFormPlugin(refused: (excess: Excess) => void): ApolloServerPlugin {
  return {
    async requestDidStart({ request }) {
      const excess = formExcess(request.query ?? '');
      if (excess === undefined) return undefined;
      request.query = placeholder;
      delete request.operationName;
      delete request.extensions;
      return {
        async didResolveOperation() {
          refused(excess);
          refuse(new GatewayError('OPERATION_LIMIT_EXCEEDED', { message: excess.message }));
        },
      };
    },
  };
}
