import { isUtf8 } from 'node:buffer';

import { GatewayError } from '../../errors.ts';

/** JSON's escapes of surrogates: a pair of them is a character, one alone is none. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

/**
 * The text of a body. Bytes that are no UTF-8 would become U+FFFD, and a search for them find nobody.
 * @throws {GatewayError} BAD_REQUEST
 */
export function utf8Text(body: Buffer): string {
  if (!isUtf8(body)) throw malformedText();
  return body.toString();
}

/**
 * Whether no text of a value that came as JSON, and no name in it, has half of a surrogate pair alone.
 * @param json the text that the value was parsed from
 */
export function isWellFormed(json: string, value: unknown): boolean {
  if (!surrogateEscape.test(json)) return true;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each === 'string' && !each.isWellFormed()) return false;
    if (typeof each === 'object' && each !== null)
      for (const pair of Object.entries(each)) left.push(...pair);
  }
  return true;
}

/**
 * Refuses a URL whose query is not percent-encoded UTF-8, or whose parameters are JSON with a surrogate alone.
 * @throws {GatewayError} BAD_REQUEST
 */
export function demandWellFormedQuery(url: string): void {
  const query = url.slice(url.indexOf('?') + 1);
  if (!url.includes('?') || query === '') return;
  for (const pair of query.split('&')) {
    const [, value = ''] = pair.split(/=(.*)/s).map(decoded);
    if (surrogateEscape.test(value) && !isWellFormed(value, parsed(value))) throw malformedText();
  }
}

function decoded(text: string): string {
  // Node.js gives bytes beyond ASCII as Latin-1.
  if (/[^\x21-\x7e]/.test(text)) throw malformedText();
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformedText();
  }
}

/** Apollo Server refuses what is no JSON. A document is none either: graphql-js refuses such escapes in it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function malformedText(): GatewayError {
  return new GatewayError('BAD_REQUEST', {
    message: 'Expected text in UTF-8, and no half of a surrogate pair in it.',
  });
}
