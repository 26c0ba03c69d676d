import { describe, expect, test } from '@jest/globals';

import { ConfigError, loadConfig, settings } from '../../src/config/config.ts';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const store = 'a'.repeat(32);
const key = Buffer.alloc(32, 7).toString('base64');

describe('loadConfig', () => {
  test('gives every setting its default when nothing is set', () => {
    const config = loadConfig({});
    expect(Object.values(config).flatMap((room) => Object.values(room) as unknown[])).toEqual(
      settings.map(({ fallback }) => fallback),
    );
    expect(config).toMatchObject({
      http: { port: 4000, host: '127.0.0.1', requestDeadlineMs: 10_000, corsOrigins: [] },
      upstream: { datastoreIds: undefined, pageSize: 50, pageFreshMs: 1_000, pageWalkMs: 60_000 },
      auth: { mode: undefined, issuer: undefined, clockSkewSeconds: 30, patientClaim: 'patient' },
      audit: { mode: undefined, format: 'fhir' },
      limits: { mode: 'enforce', depth: 10, cost: 1_000 },
      safelist: { mode: 'off' },
      process: { environment: 'development', logLevel: 'info' },
    });
  });

  test('counts an empty setting as unset', () => {
    expect(loadConfig({ PORT: '', CURSOR_KEYS: '', AUTH_ISSUER: '' })).toEqual(loadConfig({}));
  });

  test('reads every kind of setting', () => {
    const config = loadConfig({
      PORT: '0',
      HEALTHIMAGING_DATASTORE_IDS: ` ${store} , ${'0'.repeat(32)}`,
      AWS_REGION: 'eu-west-2',
      AWS_ENDPOINT_URL_MEDICAL_IMAGING: 'http://127.0.0.1:9000/',
      HEALTHIMAGING_SEARCH_RATE: 'unlimited',
      HEALTHIMAGING_GET_IMAGE_SET_RATE: '2.5',
      CURSOR_KEYS: key,
      CORS_ORIGINS: 'https://viewer.example,http://localhost:3000',
      GRAPHQL_UI: 'off',
    });
    expect(config).toMatchObject({
      http: {
        port: 0,
        corsOrigins: ['https://viewer.example', 'http://localhost:3000'],
        explorePage: 'off',
      },
      upstream: {
        datastoreIds: [store, '0'.repeat(32)],
        region: 'eu-west-2',
        endpoint: 'http://127.0.0.1:9000',
        cursorKeys: [Buffer.alloc(32, 7)],
      },
      callRates: { SearchImageSets: Number.POSITIVE_INFINITY, GetImageSet: 2.5, GetDatastore: undefined },
    });
  });

  test('names every fault at once, by setting and expected form, without the value', () => {
    const faults = faultsOf({
      PORT: '65536',
      HOST: 'secret value',
      HEALTHIMAGING_DATASTORE_IDS: `${store},,`,
      HEALTHIMAGING_PAGE_SIZE: '51',
      HEALTHIMAGING_SEARCH_RATE: '0',
      AWS_ENDPOINT_URL_MEDICAL_IMAGING: 'ftp://secret',
      CURSOR_KEYS: 'c2VjcmV0',
      CORS_ORIGINS: 'https://viewer.example/path',
      LOG_LEVEL: 'loud',
    });
    expect(faults).toEqual([
      'PORT: expected a whole number from 0 to 65535.',
      'HOST: expected a host name or address.',
      'CORS_ORIGINS: expected a comma-separated list, each an origin such as https://viewer.example.',
      'HEALTHIMAGING_DATASTORE_IDS: expected a comma-separated list, each 32 digits or lower-case letters.',
      'AWS_ENDPOINT_URL_MEDICAL_IMAGING: expected an http:// or https:// URL without user, query or fragment.',
      'HEALTHIMAGING_PAGE_SIZE: expected a whole number from 1 to 50.',
      'CURSOR_KEYS: expected a comma-separated list, each 32 bytes in base64 (`openssl rand -base64 32`).',
      'HEALTHIMAGING_SEARCH_RATE: expected calls a second, greater than 0, or `unlimited`.',
      'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent.',
    ]);
  });

  // The start line names the endpoint, and a password may stand there without a user.
  test.each(['user@', 'user:secret@', ':secret@'])('refuses a URL that begins with https://%s', (user) => {
    const url = `https://${user}healthimaging.example`;
    expect(faultsOf({ AWS_ENDPOINT_URL_MEDICAL_IMAGING: url })).toEqual([
      'AWS_ENDPOINT_URL_MEDICAL_IMAGING: expected an http:// or https:// URL without user, query or fragment.',
    ]);
    expect(faultsOf({ AUTH_ISSUER: url, AUTH_AUDIENCE: 'graph' })).toEqual([
      'AUTH_ISSUER: expected an https:// URL without user, query or fragment (http:// on loopback only).',
    ]);
  });

  test('refuses a host beyond loopback unless AUTH=none says so', () => {
    const fault =
      'HOST: expected a loopback address, since no authentication is configured (AUTH_ISSUER, or AUTH=none).';
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.0.0.1.example.org']) {
      expect(faultsOf({ HOST })).toEqual([fault]);
      expect(faultsOf({ HOST, AUTH: 'none' })).toEqual([]);
    }
    for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(faultsOf({ HOST })).toEqual([]);
  });

  test('takes a host beyond loopback with authentication', () => {
    const authentication = { AUTH_ISSUER: 'https://issuer.example/', AUTH_AUDIENCE: 'graph' };
    expect(loadConfig({ HOST: '0.0.0.0', ...authentication })).toMatchObject({
      http: { host: '0.0.0.0' },
      auth: { issuer: 'https://issuer.example/', audiences: ['graph'] },
    });
  });

  test('refuses settings that make no sense together', () => {
    const AUTH_ISSUER = 'https://issuer.example';
    expect(faultsOf({ AUTH_ISSUER })).toEqual([
      'AUTH_AUDIENCE: expected the audience of this graph, since AUTH_ISSUER is set.',
    ]);
    expect(faultsOf({ AUTH_ISSUER, AUTH_AUDIENCE: 'graph', AUTH: 'none' })).toEqual([
      'AUTH: expected it unset, since AUTH_ISSUER is set.',
    ]);
    for (const lonely of ['AUTH_JWKS_URL', 'AUTH_AUDIENCE', 'AUTH_TENANT_CLAIM', 'AUTH_DATASTORES_CLAIM']) {
      expect(faultsOf({ [lonely]: 'https://issuer.example/keys' })).toEqual([
        'AUTH_ISSUER: expected the issuer, since other settings of its tokens are set.',
      ]);
    }
    expect(faultsOf({ SAFELIST_MODE: 'enforce' })).toEqual([
      'SAFELIST_MANIFEST: expected a file, since SAFELIST_MODE is set.',
    ]);
  });

  test.each([
    ['AUTH_ISSUER', 'http://issuer.example'],
    ['AUTH_ISSUER', 'https://user:word@issuer.example'],
    ['AUTH_ALGORITHMS', 'RS256,HS256'],
    ['AUTH_ALGORITHMS', 'none'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['AUDIT_CHAIN_KEY', 'short'],
    ['REDIS_URL', 'http://redis'],
  ])('refuses %s=%s', (name, value) => {
    expect(
      faultsOf({ AUTH_AUDIENCE: 'graph', AUTH_ISSUER: 'https://issuer.example', [name]: value }),
    ).toEqual([expect.stringMatching(new RegExp(`^${name}: expected `))]);
  });
});
