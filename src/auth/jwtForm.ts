import type { Claims } from './authorize.ts';

/** Why an access token is refused for its form alone. */
export type FormFault = 'too_large' | 'malformed' | 'algorithm' | 'header' | 'type';

/** In characters. Real tokens have 1 to 2 KB, and up to 4 KB where an issuer lists hundreds of groups. */
const longestToken = 8_192;

/** RFC 7515, section 7.1: three parts. Five are those of an encrypted token. */
const compactForm = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * Headers that access tokens (RFC 9068) have no use for. `jwk`, `jku`, `x5u` and `x5c` carry a key or say where to fetch
 * one, and are a known way of attack. `crit` demands an extension and `b64` is one: none is supported. `zip`, `enc` and
 * `cty` belong to encrypted and nested tokens (RFC 8725, sections 3.1 and 3.10).
 */
const refusedHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty'];

/** RFC 9068, section 2.1, and what older issuers write. */
const types = new Set(['at+jwt', 'jwt']);

/** The claims are not verified yet. */
export type JwtForm = { readonly claims: Claims } | { readonly fault: FormFault };

/** Checks the form of a JWT before any key is looked up, and reads its claims. */
export function readJwtForm(token: string, algorithms: readonly string[]): JwtForm {
  if (token.length > longestToken) return { fault: 'too_large' };
  const [, ...parts] = compactForm.exec(token) ?? [];
  const [header, claims] = parts.map(decodedObject);
  if (header === undefined || claims === undefined || !parts.every(isCanonical)) {
    return { fault: 'malformed' };
  }
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return { fault: 'algorithm' };
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) return { fault: 'header' };
  if (kid !== undefined && typeof kid !== 'string') return { fault: 'header' };
  if (typ !== undefined && !(typeof typ === 'string' && types.has(shortType(typ)))) return { fault: 'type' };
  return { claims };
}

/** RFC 7515, section 4.1.9: a media type in any case, whose `application/` may be left out. */
function shortType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

/** Only one text encodes the bytes: no padding, and none of the trailing bits that decoding drops. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function decodedObject(part: string): Claims | undefined {
  const json = decodedJson(part);
  if (json === undefined) return undefined;
  const { text, value } = json;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !hasRepeatedMembers(text, value) ? (value as Claims) : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodedJson(part: string): { readonly text: string; readonly value: unknown } | undefined {
  try {
    const text = utf8.decode(Buffer.from(part, 'base64url'));
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A string of JSON, with the colon that follows it where it is a member's name. */
const stringAndColon = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Whether any object in a JSON text has a member twice. Parsers differ in which of the two they take (RFC 8259, section 4),
 * and RFC 7519, section 4, allows such claims to be refused.
 * @param value what JSON.parse makes of the text
 */
export function hasRepeatedMembers(text: string, value: unknown): boolean {
  const written = [...text.matchAll(stringAndColon)].filter(([, colon]) => colon !== undefined).length;
  return written !== countMembers(value);
}

/** Without recursion: a token of 8 KB can nest deeper than the stack reaches. */
function countMembers(root: unknown): number {
  let count = 0;
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += inner.length;
    pending.push(...inner);
  }
  return count;
}
