import { expect, test } from '@jest/globals';

import { startLine } from '../../src/commands/start/startLine.ts';
import { loadConfig } from '../../src/config/config.ts';

const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
const issuer = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'graph' };

test.each<[Record<string, string>, string]>([
  [
    {},
    'authentication off, audit off, explore page on, introspection on, safelist off, limits enforced, over the embedded HealthImaging',
  ],
  [
    {
      ...issuer,
      NODE_ENV: 'production',
      HEALTHIMAGING_DATASTORE_IDS: `${first},${second}`,
      AWS_REGION: 'eu-west-2',
      LIMIT_MODE: 'warn',
      SAFELIST_MODE: 'audit',
      SAFELIST_MANIFEST: 'manifest.json',
    },
    `authentication on, audit on, explore page off, introspection off, safelist audit, limits only warned of, over AWS HealthImaging in eu-west-2, data stores ${first} ${second}`,
  ],
  [
    {
      ...issuer,
      AUDIT: 'required',
      GRAPHQL_INTROSPECTION: 'off',
      HEALTHIMAGING_DATASTORE_IDS: first,
      AWS_ENDPOINT_URL_MEDICAL_IMAGING: 'http://127.0.0.1:4010',
    },
    `authentication on, audit required, explore page on, introspection off, safelist off, limits enforced, over http://127.0.0.1:4010, data store ${first}`,
  ],
])('%j', (environment, expected) => {
  expect(startLine(loadConfig(environment))).toBe(`What is on: ${expected}`);
});
