import { isIP } from 'node:net';

import { isConfidential } from '../loopback.ts';

/** What a setting's text is turned into, or what was expected of it. */
export type Parsed<Value> = { readonly value: Value } | { readonly expected: string };

export type Parser<Value> = (text: string) => Parsed<Value>;

export function oneOf<const Value extends string>(...values: readonly Value[]): Parser<Value> {
  return (text) => {
    const value = values.find((candidate) => candidate === text);
    return value === undefined ? { expected: `one of ${values.join(', ')}` } : { value };
  };
}

export function wholeNumber(minimum: number, maximum: number): Parser<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum
      ? { value }
      : { expected: `a whole number from ${minimum} to ${maximum}` };
  };
}

/** Calls a second, or `unlimited`. */
export const callRate: Parser<number> = (text) => {
  if (text === 'unlimited') return { value: Number.POSITIVE_INFINITY };
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  return value > 0 ? { value } : { expected: 'calls a second, greater than 0, or `unlimited`' };
};

export function matching(pattern: RegExp, expected: string): Parser<string> {
  return (text) => (pattern.test(text) ? { value: text } : { expected });
}

/** A host as URLs have it, without a port: in lower case, IPv6 addresses in brackets. */
export const hostName: Parser<string> = (text) => {
  const isName = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)$/i.test(text);
  const value = isName ? URL.parse(`http://${text}/`)?.hostname.replace(/\.$/, '') : undefined;
  return value === undefined || value === ''
    ? { expected: 'a host name or address, without a port' }
    : { value };
};

/** Comma-separated; blanks around the items are dropped, empty items are refused. */
export function listOf<Value>(item: Parser<Value>): Parser<readonly Value[]> {
  return (text) => {
    const values: Value[] = [];
    for (const part of text.split(',')) {
      const parsed = item(part.trim());
      if ('expected' in parsed) return { expected: `a comma-separated list, each ${parsed.expected}` };
      values.push(parsed.value);
    }
    return { value: values };
  };
}

export const httpUrl: Parser<string> = (text) => {
  const expected = 'an http:// or https:// URL without user, query or fragment';
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return { expected };
  const hasUser = url.username !== '' || url.password !== '';
  if (hasUser || url.search !== '' || url.hash !== '') return { expected };
  return { value: text.replace(/\/+$/, '') };
};

/** As `httpUrl`, and `isConfidential`. Kept exactly as written. */
export const secureUrl: Parser<string> = (text) => {
  const parsed = httpUrl(text);
  const url = URL.parse(text);
  if ('expected' in parsed || url === null || !isConfidential(url)) {
    return { expected: 'an https:// URL without user, query or fragment (http:// on loopback only)' };
  }
  return { value: text };
};

/** An IP address, or a range of them in CIDR notation. */
export const networkRange: Parser<string> = (text) => {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest);
  return version !== 0 && isPrefix && more.length === 0
    ? { value: text }
    : { expected: 'an address or a range such as 10.0.0.0/8' };
};

/** An origin as browsers send it: scheme, host and port, no path. */
export const origin: Parser<string> = (text) => {
  const url = URL.parse(text);
  return url !== null && url.origin === text
    ? { value: text }
    : { expected: 'an origin such as https://viewer.example' };
};

/** 32 bytes in base64. */
export const aes256Key: Parser<Buffer> = (text) => {
  const value = Buffer.from(text, 'base64');
  return value.length === 32 && value.toString('base64') === text
    ? { value }
    : { expected: '32 bytes in base64 (`openssl rand -base64 32`)' };
};
