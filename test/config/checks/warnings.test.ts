import { describe, expect, test } from '@jest/globals';

import { settingWarnings, warnOrRefuse } from '../../../src/config/checks/warnings.ts';
import { ConfigError, loadConfig, settings } from '../../../src/config/config.ts';
import { captureLog } from '../../support/capturedLog.ts';

const store = 'a'.repeat(32);
const key = Buffer.alloc(32, 7).toString('base64');
const onAws = { HEALTHIMAGING_DATASTORE_IDS: store, AWS_REGION: 'us-east-1' };
const authenticated = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'graph' };

function warningsOf(environment: Readonly<Record<string, string>>): string[] {
  return settingWarnings(environment, loadConfig(environment));
}

describe('settings without effect', () => {
  test.each([
    [{ AUTH: 'none' }, 'AUTH has no effect: HOST is a loopback address, which needs no AUTH.'],
    [{ AUTH_ALGORITHMS: 'RS256' }, 'AUTH_ALGORITHMS has no effect: AUTH_ISSUER is not set.'],
    [{ AUTH_CLOCK_SKEW_S: '30' }, 'AUTH_CLOCK_SKEW_S has no effect: AUTH_ISSUER is not set.'],
    [{ AUTH_PATIENT_CLAIM: 'patient' }, 'AUTH_PATIENT_CLAIM has no effect: AUTH_ISSUER is not set.'],
    [{ COST_PER_MINUTE: '100' }, 'COST_PER_MINUTE has no effect: AUTH_ISSUER is not set.'],
    [{ REDIS_URL: 'redis://redis' }, 'REDIS_URL has no effect: AUTH_ISSUER is not set.'],
    [
      { AUDIT_FORMAT: 'dicom' },
      'AUDIT_FORMAT has no effect: AUDIT is off unless it is set, since AUTH_ISSUER is not set.',
    ],
    [{ AUDIT: 'off', AUDIT_FORMAT: 'fhir' }, 'AUDIT_FORMAT has no effect: AUDIT is off.'],
    [{ AUDIT: 'off', AUDIT_FILE: 'events' }, 'AUDIT_FILE has no effect: AUDIT is off.'],
    [{ ...authenticated, AUDIT: 'off', AUDIT_FILE: 'events' }, 'AUDIT_FILE has no effect: AUDIT is off.'],
    [{ AUDIT: 'off', AUDIT_VALUES_KEY: key }, 'AUDIT_VALUES_KEY has no effect: AUDIT is off.'],
    [{ AUDIT: 'off', AUDIT_SOURCE: 'gateway' }, 'AUDIT_SOURCE has no effect: AUDIT is off.'],
    [{ AUDIT: 'off', AUDIT_CHAIN_KEY: key }, 'AUDIT_CHAIN_KEY has no effect: AUDIT is off.'],
    [{ AUDIT: 'on', AUDIT_CHAIN_KEY: key }, 'AUDIT_CHAIN_KEY has no effect: AUDIT_FILE is not set.'],
    [{ ...authenticated, AUDIT_CHAIN_KEY: key }, 'AUDIT_CHAIN_KEY has no effect: AUDIT_FILE is not set.'],
    [{ SAFELIST_MANIFEST: 'manifest' }, 'SAFELIST_MANIFEST has no effect: SAFELIST_MODE is off.'],
    [
      { ...onAws, HEALTHIMAGING_DATA_DIR: 'data' },
      'HEALTHIMAGING_DATA_DIR has no effect: HEALTHIMAGING_DATASTORE_IDS is set.',
    ],
    [
      { ...onAws, HEALTHIMAGING_BUCKETS_DIR: 'buckets' },
      'HEALTHIMAGING_BUCKETS_DIR has no effect: HEALTHIMAGING_DATASTORE_IDS is set.',
    ],
    [
      { AWS_ENDPOINT_URL_MEDICAL_IMAGING: 'http://127.0.0.1:1' },
      'AWS_ENDPOINT_URL_MEDICAL_IMAGING has no effect: HEALTHIMAGING_DATASTORE_IDS is not set.',
    ],
    [{ PAGE_CACHE_BYTES: '0', PAGE_FRESH_MS: '1' }, 'PAGE_FRESH_MS has no effect: PAGE_CACHE_BYTES is 0.'],
    [{ PAGE_CACHE_BYTES: '0', PAGE_WALK_MS: '1' }, 'PAGE_WALK_MS has no effect: PAGE_CACHE_BYTES is 0.'],
    [
      { ...onAws, HEALTHIMAGING_SEARCH_RATE: 'unlimited', HEALTHIMAGING_SEARCH_BURST: '5' },
      'HEALTHIMAGING_SEARCH_BURST has no effect: HEALTHIMAGING_SEARCH_RATE is unlimited.',
    ],
    [
      { HEALTHIMAGING_METADATA_BURST: '5' },
      'HEALTHIMAGING_METADATA_BURST has no effect: HEALTHIMAGING_METADATA_RATE is unlimited unless it is set, since HEALTHIMAGING_DATASTORE_IDS is not set.',
    ],
  ])('%j', (environment, warning) => {
    expect(warningsOf(environment)).toEqual([warning]);
  });

  test.each([
    [{ ...authenticated, AUTH_ALGORITHMS: 'RS256', AUTH_CLOCK_SKEW_S: '1', AUTH_PATIENT_CLAIM: 'launch' }],
    [{ ...authenticated, COST_PER_MINUTE: '100', REDIS_URL: 'redis://redis' }],
    [{ ...authenticated, AUDIT_FILE: 'events', AUDIT_CHAIN_KEY: key, AUDIT_VALUES_KEY: key }],
    [{ AUDIT: 'required', AUDIT_FILE: 'events', AUDIT_FORMAT: 'dicom', AUDIT_SOURCE: 'gateway' }],
    [{ AUTH: 'none', HOST: '0.0.0.0', AUTH_DIRECTIVES: 'on' }],
    [{ SAFELIST_MODE: 'audit', SAFELIST_MANIFEST: 'manifest' }],
    [{ ...onAws, AWS_ENDPOINT_URL_MEDICAL_IMAGING: 'http://127.0.0.1:1', HEALTHIMAGING_SEARCH_BURST: '5' }],
    [{ HEALTHIMAGING_DATA_DIR: 'data', HEALTHIMAGING_SEARCH_RATE: '5', HEALTHIMAGING_SEARCH_BURST: '5' }],
    [{ PAGE_FRESH_MS: '1', PAGE_WALK_MS: '1', PAGE_CACHE_BYTES: '1' }],
    [{ AUDIT_FILE: '', AUTH_CLOCK_SKEW_S: '' }],
    [{ ...onAws, NODE_ENV: 'production' }],
  ])('none among %j', (environment) => {
    expect(warningsOf(environment)).toEqual([]);
  });

  test('every condition names settings that there are', () => {
    const names = settings.map(({ name }) => name);
    const asked = new Set<string>();
    for (const { needs } of settings) needs?.((name) => void asked.add(name));
    expect(asked.size).toBeGreaterThan(5);
    expect([...asked].filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('values that nobody can mean', () => {
  const nearly =
    'NODE_ENV is not `production`, although close to it: the explore page and introspection are on unless set.';
  test.each(['prod', 'prd', 'PROD', 'Production', 'PRODUCTION', 'producton', 'prodcution', 'prod-eu'])(
    'NODE_ENV=%s',
    (NODE_ENV) => {
      expect(warningsOf({ NODE_ENV })).toEqual([nearly]);
    },
  );

  test.each(['development', 'test', 'staging', 'preproduction', 'pre-production', 'nonprod', 'qa'])(
    'not NODE_ENV=%s',
    (NODE_ENV) => {
      expect(warningsOf({ NODE_ENV })).toEqual([]);
    },
  );

  test.each([
    [
      { NODE_ENV: 'production' },
      'NODE_ENV is `production`, but HEALTHIMAGING_DATASTORE_IDS is not set: the embedded HealthImaging is served.',
    ],
    [
      { TRUSTED_PROXIES: '10.0.0.0/8,0.0.0.0/0' },
      'TRUSTED_PROXIES has a range of all addresses: any client could then choose the address that it is known by.',
    ],
    [
      { ...authenticated, AUTH_TENANT_CLAIM: 'patient' },
      'AUTH_TENANT_CLAIM is the same claim as AUTH_PATIENT_CLAIM.',
    ],
    [
      { ...authenticated, AUTH_TENANT_CLAIM: 'tenant', AUTH_DATASTORES_CLAIM: 'tenant' },
      'AUTH_DATASTORES_CLAIM is the same claim as another setting has.',
    ],
    [
      { ...onAws, HEALTHIMAGING_DATASTORE_IDS: `${store},${store}` },
      'HEALTHIMAGING_DATASTORE_IDS lists an item twice.',
    ],
    [{ CURSOR_KEYS: `${key},${key}` }, 'CURSOR_KEYS lists an item twice.'],
  ])('%j', (environment, warning) => {
    expect(warningsOf(environment)).toEqual([warning]);
  });
});

describe('warnings', () => {
  const config = (SETTINGS: string) => loadConfig({ SETTINGS });

  test('are lines of the log, one each', () => {
    const { log, lines } = captureLog();
    warnOrRefuse(['One.', 'Two.'], config('warn'), (warning) => log.warn(warning));
    expect(lines()).toEqual([
      expect.objectContaining({ level: 40, msg: 'One.' }),
      expect.objectContaining({ level: 40, msg: 'Two.' }),
    ]);
  });

  test('are faults of the settings, all at once, where SETTINGS is strict', () => {
    const warned: string[] = [];
    const warn = (warning: string) => void warned.push(warning);
    expect(() => warnOrRefuse(['One.', 'Two.'], config('strict'), warn)).toThrow(
      new ConfigError(['One.', 'Two.']),
    );
    expect(warned).toEqual([]);
    expect(() => warnOrRefuse([], config('strict'), warn)).not.toThrow();
  });
});
