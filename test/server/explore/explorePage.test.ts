import { request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { exampleOperations } from '../../../src/server/explore/exampleOperations.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const now = Date.UTC(2026, 10, 24);

let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  const tags = { DICOMPatientId: 'SAMPLE-001', DICOMStudyDate: '20261120' };
  local = await withLocal({ imageSets: manyImageSets(12).map(() => ({ tags })) });
  gateway = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

/** Without fetch, which decompresses by itself. */
function get(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: Buffer }>(
    (resolve, reject) => {
      send(url, { headers }, (answer) => {
        buffer(answer).then((body) => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
        }, reject);
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('the explore page', () => {
  test('is the same page, compressed for clients that accept gzip and plain for others', async () => {
    const zipped = await get(gateway.url, { accept: browserAccept, 'accept-encoding': 'gzip, deflate, br' });
    const plain = await get(gateway.url, { accept: browserAccept });
    const refused = await get(gateway.url, { accept: browserAccept, 'accept-encoding': 'gzip;q=0, br' });
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/html; charset=utf-8',
      vary: 'accept, accept-encoding',
      'cache-control': 'no-cache',
    });
    expect([plain.headers['content-encoding'], refused.headers['content-encoding']]).toEqual([
      undefined,
      undefined,
    ]);
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    expect(refused.body.equals(plain.body)).toBe(true);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 3);
  });

  test('is not sent again to a browser that has it cached', async () => {
    const headers = { accept: browserAccept, 'accept-encoding': 'gzip' };
    const first = await get(gateway.url, headers);
    const etag = String(first.headers['etag']);
    const again = await get(gateway.url, { ...headers, 'if-none-match': `"other", W/${etag}` });
    expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, etag]);
    const changed = await get(gateway.url, { ...headers, 'if-none-match': '"other"' });
    expect(changed.status).toBe(200);
  });

  test('may connect to nothing but its own server', async () => {
    const { headers, body } = await get(gateway.url, { accept: browserAccept });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("connect-src 'self'");
    expect(body.toString('utf8')).not.toMatch(/<(?:script|link)[^>]+(?:src|href)="(?!data:)/);
  });

  test('is for browsers: an API client gets GraphQL from the same URL', async () => {
    const address = `${gateway.url}?query=${encodeURIComponent('{ __typename }')}`;
    const client = await get(address, { accept: 'application/json', 'apollo-require-preflight': '1' });
    expect(JSON.parse(client.body.toString('utf8'))).toEqual({ data: { __typename: 'Query' } });
    const browser = await get(address, { accept: browserAccept });
    expect(browser.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test.each([
    ['GRAPHQL_UI=off', { GRAPHQL_UI: 'off' }],
    ['NODE_ENV=production', { NODE_ENV: 'production' }],
  ])('is not there with %s', async (_title, environment) => {
    await using closed = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment,
    });
    const { status, headers } = await get(closed.url, { accept: browserAccept });
    expect(status).toBe(400);
    expect(String(headers['content-type'])).toContain('application/json');
  });

  test('is served in production when it is configured', async () => {
    await using open = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment: { NODE_ENV: 'production', GRAPHQL_UI: 'on' },
    });
    const { status, headers } = await get(open.url, { accept: browserAccept });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });
});

describe('the example operations', () => {
  test.each(exampleOperations(now).map((each) => [/query (\w+)/.exec(each.query)?.[1] ?? '', each] as const))(
    '%s runs as it is and finds image sets',
    async (_name, { query, variables }) => {
      const { body } = await gateway.query(query, variables);
      expect(body.errors).toBeUndefined();
      expect(JSON.stringify(body.data)).toContain('"imageSetId":"');
    },
  );

  test('fit into the width of the editor', () => {
    const lines = exampleOperations(now).flatMap(({ query }) => query.split('\n'));
    expect(lines.filter((line) => line.length > 58)).toEqual([]);
  });
});
