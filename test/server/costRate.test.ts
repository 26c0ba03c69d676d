import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startAuthorizedGateway, type AuthorizedGateway } from '../support/gateway/authorizedGateway.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/upstream/recordingProxy.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: AuthorizedGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(5) });
  upstream = await startRecordingProxy(local.url);
  gateway = await startAuthorizedGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    // Every search is a call of HealthImaging.
    environment: { COST_PER_MINUTE: '100', PAGE_CACHE_BYTES: '0' },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

const search = (first: number) => `{ imageSets(first: ${first}) { nodes { id } } }`;
const headersOf = (sub: string) => ({
  ...gateway.bearer({ sub, scope: 'user/ImagingStudy.rs' }),
  'x-graphql-cost': '1',
});
const costOf = (body: unknown) => (body as { extensions?: { cost?: unknown } }).extensions?.cost;

test('unused cost is given back; beyond the rate, that principal alone is refused, with 429 and a time to wait', async () => {
  const one = headersOf('one');
  const half = await gateway.query(search(50), {}, one);
  expect(costOf(half.body)).toEqual({
    requested: 60,
    actual: 15,
    maximum: 1_000,
    throttle: { maximum: 100, available: 85, resetMs: expect.any(Number) },
  });
  for (let spent = 15; spent < 90; spent += 15) await gateway.query(search(5), {}, one);
  upstream.take();
  const refused = await gateway.query(search(5), {}, one);
  expect(refused.status).toBe(429);
  const [error] = refused.body.errors ?? [];
  expect(error?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  const { retryAfterMs = 0 } = error?.extensions ?? {};
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(refused.headers.get('retry-after')).toBe(String(Math.ceil(retryAfterMs / 1_000)));
  expect(upstream.take()).toEqual([]);
  // A refusal costs nothing: the rest can be spent by a smaller operation.
  const smaller = await gateway.query('{ datastore { id } }', {}, one);
  expect(smaller.body.errors).toBeUndefined();
  const other = await gateway.query(search(5), {}, headersOf('two'));
  expect(other.body.errors).toBeUndefined();
});

test('a search whose pages are kept is given the cost of its call back', async () => {
  await using keeping = await startAuthorizedGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { COST_PER_MINUTE: '1000', PAGE_FRESH_MS: '60000' },
  });
  const headers = {
    ...keeping.bearer({ sub: 'one', scope: 'user/ImagingStudy.rs' }),
    'x-graphql-cost': '1',
  };
  const actual = async () =>
    (costOf((await keeping.query(search(5), {}, headers)).body) as { actual: number }).actual;
  expect([await actual(), await actual()]).toEqual([15, 5]);
});

test('documents that are refused cost 10 each, so that a flood of them ends in 429', async () => {
  const headers = headersOf('refused');
  const refused = ['{ nothing }', '{', `{ ${'a '.repeat(2_000)} }`, 'mutation { a }'];
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    const { status } = await gateway.query(refused[count % refused.length] ?? '', {}, headers);
    statuses.push(status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429, 429]);
  const { body } = await gateway.query('{ nothing }', {}, headers);
  expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED']);
  expect((await gateway.query('{ nothing }', {}, headersOf('another'))).status).toBe(200);
});

test('an operation that costs more than the whole rate is refused as not retryable', async () => {
  const { status, body } = await gateway.query(search(91), {}, headersOf('three'));
  expect(status).toBe(200);
  expect(body.errors?.[0]).toMatchObject({
    message:
      'Expected a cost of at most 100, all that one principal may spend in a minute. Ask for fewer rows, or for less of each.',
    extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', retryable: false },
  });
});

test('without the header a reply has no extensions', async () => {
  const { authorization } = headersOf('four');
  const { body } = await gateway.query(search(1), {}, { authorization });
  expect(Object.keys(body)).toEqual(['data']);
});
