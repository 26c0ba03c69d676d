import type { Claims } from './authorize.ts';
import { hasRepeatedMembers } from './repeatedMembers.ts';

/** Why a token is refused for its form, before any key is looked for. */
export type FormFault = 'too_large' | 'malformed' | 'algorithm' | 'header' | 'type';

/** Real ones are 1 to 2 KB; an issuer that puts hundreds of groups into them reaches 4. */
const longestToken = 8_192;

/** RFC 7515, section 7.1, with its three parts and nothing beside them: five are an encrypted token. */
const compactForm = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * Headers that no access token needs. `jwk`, `jku`, `x5u` and `x5c` bring a key along or say where to fetch one: they are
 * never used here, and since an issuer of access tokens (RFC 9068) has no use for them either, who sends one is trying
 * something. `crit` asks for an extension, `b64` is one, and there are none; `zip`, `enc` and `cty` are those of
 * encrypted and nested tokens (RFC 8725, sections 3.1 and 3.10).
 */
const foreignHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty'];

/** RFC 9068, section 2.1, and what issuers older than it write; a token of another type is not for this. */
const types = new Set(['at+jwt', 'jwt']);

/** What a token says of itself, to nobody's guarantee as long as its signature is not checked. */
export type TokenForm = { readonly claims: Claims } | { readonly fault: FormFault };

/** Looks at the form of a token: what is not of the one form that is used here goes no further. */
export function readTokenForm(token: string, algorithms: readonly string[]): TokenForm {
  if (token.length > longestToken) return { fault: 'too_large' };
  const [, ...parts] = compactForm.exec(token) ?? [];
  const [header, claims] = parts.map(decodedObject);
  if (header === undefined || claims === undefined || !parts.every(isCanonical)) {
    return { fault: 'malformed' };
  }
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return { fault: 'algorithm' };
  if (foreignHeaders.some((name) => Object.hasOwn(header, name))) return { fault: 'header' };
  if (kid !== undefined && typeof kid !== 'string') return { fault: 'header' };
  if (typ !== undefined && !(typeof typ === 'string' && types.has(shortType(typ)))) return { fault: 'type' };
  return { claims };
}

/** RFC 7515, section 4.1.9: a media type, of either case, `application/` left out or not. */
function shortType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

/** One text for one token: no padding, and no bits that decoding drops. */
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
