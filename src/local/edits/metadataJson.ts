import { demandWellFormed } from '../model/wellFormed.ts';
import { ServiceError } from '../serviceError.ts';
import type { Attributes } from '../store/metadataDocument.ts';

/** Real documents nest some twenty levels; the bound protects the stack of whatever reads and writes them. */
const maximumDepth = 128;

/** @throws {ServiceError} ValidationException for bytes that are not JSON in UTF-8, or nested too far */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (depthOf(text) > maximumDepth) throw new RangeError();
    return JSON.parse(text, demandWellFormed) as unknown;
  } catch {
    // Without the cause: a parser's message quotes the text.
    throw invalid(`Expected the attributes to be JSON in UTF-8, nested ${maximumDepth} levels at most.`);
  }
}

function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const [bracket] of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

/**
 * @param known the members that it may have; undefined: any
 * @param what it is, for the message
 * @throws {ServiceError} ValidationException for anything but such an object
 */
export function recordOf(value: unknown, known: readonly string[] | undefined, what: string): Attributes {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`Expected ${what} to be an object.`);
  if (known !== undefined && Object.keys(value).some((name) => !known.includes(name)))
    throw invalid(`Expected nothing but what the metadata document has in ${what}.`);
  return value as Attributes;
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
