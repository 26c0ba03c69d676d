import { isoTime } from './isoTime.ts';

/*
 * The SDK does not check responses: a 200 with an empty body, or with a number for a token, comes back as success. Each
 * of these functions takes one member's value, and throws a ResponseFault that names it where the service model does not
 * allow what is there. A member that is null counts as absent, as it does on the wire. They take values because V8 finds a
 * member at once where its name is written out, and anew each time by a name that is passed on: a page has over a thousand.
 */

export type Json = Readonly<Record<string, unknown>>;

/** A response that the service model does not allow. Its `code` names the member, for the log; it holds no value. */
export class ResponseFault extends Error {
  readonly code: string;

  /** @param expected what the model has there; never the value that came instead */
  constructor(member: string, expected: string) {
    super(`${member}: expected ${expected}.`);
    this.name = 'ResponseFault';
    this.code = `RESPONSE_${member}`;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function optionalObject(value: unknown, name: string): Json | null {
  if (value === undefined || value === null) return null;
  if (!isJson(value)) throw new ResponseFault(name, 'an object');
  return value;
}

export function requiredObject(value: unknown, name: string): Json {
  const object = optionalObject(value, name);
  if (object === null) throw new ResponseFault(name, 'an object');
  return object;
}

export function requiredObjects(value: unknown, name: string): readonly Json[] {
  if (!Array.isArray(value) || !value.every(isJson)) throw new ResponseFault(name, 'a list of objects');
  return value;
}

export function optionalText(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new ResponseFault(name, 'text');
  return value;
}

export function requiredText(value: unknown, name: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value))
    throw new ResponseFault(name, `text of the form ${pattern.source}`);
  return value;
}

/** Integers of the service model have 32 bits. */
export function optionalInteger(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || (value | 0) !== value) throw new ResponseFault(name, 'an integer');
  return value;
}

export function optionalBoolean(value: unknown, name: string): boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'boolean') throw new ResponseFault(name, 'true or false');
  return value;
}

/** The years 0 to 9999, which are those of RFC 3339. */
const earliest = -62_167_219_200_000;
const latest = 253_402_300_799_999;

/** RFC 3339 text. restJson1 sends epoch seconds, as a number or as its text; the SDK's own protocol makes Dates of them. */
export function optionalTime(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  const milliseconds = value instanceof Date ? value.getTime() : Math.round(epochSeconds(value) * 1000);
  if (!(milliseconds >= earliest && milliseconds <= latest))
    throw new ResponseFault(name, 'a time in epoch seconds');
  return isoTime(milliseconds);
}

function epochSeconds(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)
    ? Number(value)
    : Number.NaN;
}

/** For enumerations that may grow: null for a member that this version does not know. */
export function optionalMember<const Member extends string>(
  value: unknown,
  name: string,
  members: readonly Member[],
): Member | null {
  const text = optionalText(value, name);
  return members.find((member) => member === text) ?? null;
}

export function requiredMember<const Member extends string>(
  value: unknown,
  name: string,
  members: readonly Member[],
): Member {
  const member = optionalMember(value, name, members);
  if (member === null) throw new ResponseFault(name, `one of ${members.join(', ')}`);
  return member;
}

/** Null at the last page. An empty token would start the walk again, so it is a fault and not the end. */
export function nextTokenOf(response: Json): string | null {
  const token = optionalText(response['nextToken'], 'nextToken');
  if (token !== null && (token.length < 1 || token.length > 8192)) {
    throw new ResponseFault('nextToken', 'text of 1 to 8192 characters');
  }
  return token;
}
