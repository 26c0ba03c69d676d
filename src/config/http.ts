import { hostName, listOf, matching, networkRange, oneOf, origin, wholeNumber } from './parsers.ts';
import { setting, type ValueOf } from './setting.ts';

/** Of what a developer wants and production does not. */
export function onExceptInProduction(environment: unknown): 'on' | 'off' {
  return environment === 'production' ? 'off' : 'on';
}

const developersDefault = { inForce: (valueOf: ValueOf) => onExceptInProduction(valueOf('NODE_ENV')) };

export const httpSettings = {
  port: setting('PORT', wholeNumber(0, 65_535), 4000, ['4000', 'port to listen on; 0 takes a free one']),
  host: setting('HOST', matching(/^[\w.:-]+$/, 'a host name or address'), '127.0.0.1', [
    '127.0.0.1',
    'address to listen on; beyond loopback only with authentication or AUTH=none',
  ]),
  corsOrigins: setting(
    'CORS_ORIGINS',
    listOf(origin),
    [],
    ['none', 'origins whose pages may read responses, comma-separated'],
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    listOf(hostName),
    [],
    [
      'names of this machine, on loopback without authentication; otherwise any',
      'names taken as Host besides those, without ports, comma-separated; where it is set, no others are',
    ],
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    listOf(networkRange),
    [],
    ['none', 'proxies whose X-Forwarded-For is trusted, as addresses or CIDR ranges, comma-separated'],
  ),
  compression: setting('COMPRESSION', oneOf('on', 'off'), 'on', [
    'on',
    '`off` when a proxy compresses responses',
  ]),
  requestDeadlineMs: setting('REQUEST_DEADLINE_MS', wholeNumber(100, 600_000), 10_000, [
    '10000',
    'how long one request may take, in milliseconds',
  ]),
  explorePage: setting(
    'GRAPHQL_UI',
    oneOf('on', 'off'),
    undefined,
    ['on; off when NODE_ENV=production', 'the explore page at /graphql'],
    developersDefault,
  ),
  introspection: setting(
    'GRAPHQL_INTROSPECTION',
    oneOf('on', 'off'),
    undefined,
    [
      'on; off when NODE_ENV=production',
      'whether clients may read the schema, and errors may suggest its names',
    ],
    developersDefault,
  ),
} as const;
