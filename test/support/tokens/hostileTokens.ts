import { createPublicKey } from 'node:crypto';

import { encoded, signers } from './signToken.ts';
import { audience, nowSeconds, skewSeconds, type TokenParts, type TokenWorld } from './tokenWorld.ts';

/** What is sent, by the reason that it must be refused for. */
export type HostileTokens = readonly (readonly [title: string, reason: string, token: string])[];

export function hostileTokens(world: TokenWorld): HostileTokens {
  return [
    ...formOf(world),
    ...algorithmsOf(world),
    ...headersOf(world),
    ...keysOf(world),
    ...claimsOf(world),
    ...timesOf(world),
  ];
}

function formOf({ token, claims, issuer }: TokenWorld): HostileTokens {
  const good = token();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const swapped = encoded({ ...claims, sub: 'another' });
  const last = signature.at(-1) ?? '';
  // 256 bytes end in a character of which four bits count for nothing.
  const twin = String.fromCharCode(last.charCodeAt(0) + 1);
  const json = `"iss":"${issuer.url}","aud":"${audience}","exp":${nowSeconds + 300}`;
  return [
    ['one word', 'malformed', 'token'],
    ['two parts', 'malformed', `${header}.${payload}`],
    ['four parts', 'malformed', `${good}.${signature}`],
    ['five parts', 'malformed', `${header}.${payload}.${payload}.${payload}.${signature}`],
    ['a signature taken off', 'malformed', `${header}.${payload}.`],
    ['an empty payload', 'malformed', `${header}..${signature}`],
    ['a payload swapped', 'signature', `${header}.${swapped}.${signature}`],
    ['a signature of zeros', 'signature', `${header}.${payload}.${encoded(Buffer.alloc(256))}`],
    ['base64 with padding', 'malformed', `${good}==`],
    ['base64 that is not for URLs', 'malformed', `${header}.${payload}.+/${signature.slice(2)}`],
    ['bits behind the end of the signature', 'malformed', `${good.slice(0, -1)}${twin}`],
    ['garbage behind it', 'malformed', `${good}!`],
    ['another token behind it', 'malformed', `${good},${good}`],
    ['whitespace inside', 'malformed', `${header}.${payload} .${signature}`],
    ['a tab inside', 'malformed', `${header}.\t${payload}.${signature}`],
    ['quotes around it', 'malformed', `"${good}"`],
    ['the scheme twice', 'malformed', `Bearer ${good}`],
    ['a header that is not JSON', 'malformed', token({ header: '{alg:RS256}' })],
    ['a header that is a list', 'malformed', token({ header: '["RS256"]' })],
    ['a payload that is not JSON', 'malformed', token({ claims: 'sub=1' })],
    ['a payload that is a list', 'malformed', token({ claims: '[]' })],
    ['a payload that is null', 'malformed', token({ claims: 'null' })],
    [
      'a payload that is not UTF-8',
      'malformed',
      `${header}.${encoded(Buffer.from('{"a":"\xff"}', 'latin1'))}.${signature}`,
    ],
    ['a subject twice', 'malformed', token({ claims: `{${json},"sub":"a","sub":"b"}` })],
    ['a subject twice, once escaped', 'malformed', token({ claims: `{${json},"sub":"a","\\u0073ub":"b"}` })],
    ['an algorithm twice', 'malformed', token({ header: '{"alg":"none","alg":"RS256","kid":"first"}' })],
    ['9 KB', 'too_large', token({ claims: { filler: 'x'.repeat(9_000) } })],
    ['24 KB', 'too_large', token({ claims: { filler: 'x'.repeat(17_000) } })],
  ];
}

function algorithmsOf({ token, keys }: TokenWorld): HostileTokens {
  const publicKey = createPublicKey(keys.first);
  const secrets = [
    ['PEM (SPKI)', publicKey.export({ format: 'pem', type: 'spki' })],
    ['PEM (PKCS#1)', publicKey.export({ format: 'pem', type: 'pkcs1' })],
    ['DER', publicKey.export({ format: 'der', type: 'spki' })],
    ['a JWK', JSON.stringify(publicKey.export({ format: 'jwk' }))],
    ['nothing', ''],
  ] as const;
  const unsigned = signers.bytes(Buffer.from('0'));
  const rsa = signers.rs256(keys.first);
  const named = (alg: unknown, signer = rsa): string => token({ header: { alg }, signer });
  return [
    ...['none', 'None', 'NONE', 'nOnE', 'none ', ''].map(
      (alg) => [`the algorithm "${alg}"`, 'algorithm', named(alg, unsigned)] as const,
    ),
    ['no algorithm', 'algorithm', named(undefined)],
    ['an algorithm that is a list', 'algorithm', named(['RS256'])],
    ['an algorithm that nobody knows', 'algorithm', named('XX999')],
    ['an algorithm of a prototype', 'algorithm', named('constructor')],
    ['an algorithm in small letters', 'algorithm', named('rs256')],
    ['an algorithm that is not allowed here', 'algorithm', named('PS256', signers.ps256(keys.first))],
    ...secrets.flatMap(
      ([form, secret]) =>
        [
          [`HS256 with the public key as ${form}`, 'algorithm', named('HS256', signers.hs256(secret))],
          [`RS256 that is HMAC of ${form}`, 'signature', named('RS256', signers.hs256(secret))],
        ] as const,
    ),
    ['PS256 that says RS256', 'signature', named('RS256', signers.ps256(keys.first))],
    ['ES256 of zeros', 'signature', onCurve(signers.bytes(Buffer.alloc(64)))],
    ['ES256 of nothing but a byte', 'signature', onCurve(signers.bytes(Buffer.alloc(1)))],
    ['ES256 in DER', 'signature', onCurve(signers.es256Der(keys.curve))],
    ['ES256 of another key', 'signature', onCurve(signers.es256(keys.foreignCurve))],
  ];
  function onCurve(signer: NonNullable<TokenParts['signer']>): string {
    return token({ header: { alg: 'ES256', kid: 'curve' }, signer });
  }
}

function headersOf({ token, keys, issuer }: TokenWorld): HostileTokens {
  const foreignKey = createPublicKey(keys.foreign).export({ format: 'jwk' });
  const signer = signers.rs256(keys.foreign);
  const evil = `${issuer.url}/evil`;
  const own: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['jwk', { jwk: foreignKey }],
    ['jwk without kid', { jwk: foreignKey, kid: undefined }],
    ['jku', { jku: evil }],
    ['x5u', { x5u: evil }],
    ['x5c', { x5c: ['MIIB'] }],
    ['crit of nobody', { crit: ['exp'], exp: nowSeconds }],
    ['crit that is empty', { crit: [] }],
    ['b64 false', { b64: false, crit: ['b64'] }],
    ['b64 false, not critical', { b64: false }],
    ['zip', { zip: 'DEF' }],
    ['enc', { enc: 'A256GCM' }],
    ['cty of a nested token', { cty: 'JWT' }],
    ['a kid that is a number', { kid: 1 }],
    ['a kid that is a list', { kid: ['first'] }],
  ];
  const types = ['id+jwt', 'logout+jwt', 'dpop+jwt', 'secevent+jwt', 'JWE', '', 'application/', 1, ['JWT']];
  return [
    ...own.map(([title, header]) => [title, 'header', token({ header, signer })] as const),
    ['jku of a token that is good otherwise', 'header', token({ header: { jku: `${issuer.url}/keys` } })],
    ...types.map((typ) => [`typ ${JSON.stringify(typ)}`, 'type', token({ header: { typ } })] as const),
  ];
}

function keysOf({ token, keys }: TokenWorld): HostileTokens {
  const kids = [
    '../../../../dev/null',
    "' OR 1=1 --",
    'k'.repeat(4_000),
    '__proto__',
    'FIRST',
    'first\u0000',
    '',
    'http://127.0.0.1/evil',
  ];
  return [
    ...kids.map((kid) => [`kid ${kid.slice(0, 24)}`, 'key', token({ header: { kid } })] as const),
    ['the kid of another key', 'signature', token({ header: { kid: 'second' } })],
    ['no kid where there are several keys', 'key', token({ header: { kid: undefined } })],
    ['the kid of a key of another kind', 'key', token({ header: { kid: 'curve' } })],
    ['a key of 1024 bits', 'key', token({ header: { kid: 'weak' }, signer: signers.rs256(keys.weak) })],
    ["somebody else's key", 'signature', token({ signer: signers.rs256(keys.foreign) })],
  ];
}

function claimsOf({ token, claims, issuer }: TokenWorld): HostileTokens {
  const of = (own: Readonly<Record<string, unknown>>) => token({ claims: own });
  const issuers = [
    undefined,
    `${issuer.url}/`,
    issuer.url.toUpperCase(),
    [issuer.url],
    `${issuer.url}@evil`,
    '',
  ];
  const audiences = [
    audience.slice(0, -1),
    `${audience}/`,
    [],
    ['another', 'a third'],
    [[audience]],
    1,
    null,
  ];
  const kinds: Readonly<Record<string, unknown>>[] = [
    { at_hash: 'x' },
    { c_hash: 'x' },
    { token_use: 'id' },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
  ];
  return [
    ...issuers.map((iss) => [`issuer ${JSON.stringify(iss)}`, 'issuer', of({ iss })] as const),
    ['no audience', 'audience', of({ aud: undefined })],
    ...audiences.map((aud) => [`audience ${JSON.stringify(aud)}`, 'audience', of({ aud })] as const),
    ['no subject', 'claims', of({ sub: undefined })],
    ['an empty subject', 'principal', of({ sub: '' })],
    ['a subject that is a number', 'principal', of({ sub: 1 })],
    ['a subject that is a list', 'principal', of({ sub: [claims['sub']] })],
    ...kinds.map((own) => [`of another kind: ${JSON.stringify(own)}`, 'other_kind', of(own)] as const),
    ['bound to a key', 'bound', of({ cnf: { jkt: 'x' } })],
  ];
}

function timesOf({ token, claims }: TokenWorld): HostileTokens {
  const of = (own: Readonly<Record<string, unknown>>) => token({ claims: own });
  const raw = JSON.stringify({ ...claims, exp: 0 });
  return [
    ['long over', 'expired', of({ exp: nowSeconds - 3_600 })],
    ['over since just the skew', 'expired', of({ exp: nowSeconds - skewSeconds })],
    ['an end before 1970', 'expired', of({ exp: -1 })],
    ['no end', 'claims', of({ exp: undefined })],
    ['an end that is text', 'claims', of({ exp: String(nowSeconds + 300) })],
    ['an end that is null', 'claims', of({ exp: null })],
    ['an end in milliseconds', 'times', of({ exp: (nowSeconds + 300) * 1_000 })],
    ['an end at infinity', 'times', token({ claims: raw.replace('"exp":0', '"exp":1e999') })],
    [
      'not yet valid, by a second beyond the skew',
      'not_yet_valid',
      of({ nbf: nowSeconds + skewSeconds + 1 }),
    ],
    ['a beginning that is text', 'claims', of({ nbf: 'now' })],
    [
      'a beginning at minus infinity',
      'times',
      token({ claims: raw.replace('"exp":0', `"exp":${nowSeconds + 9},"nbf":-1e999`) }),
    ],
    [
      'issued in the future, by a second beyond the skew',
      'not_yet_valid',
      of({ iat: nowSeconds + skewSeconds + 1 }),
    ],
    ['issued at a time that is text', 'claims', of({ iat: 'now' })],
  ];
}
