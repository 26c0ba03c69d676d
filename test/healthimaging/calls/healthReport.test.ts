import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { CallOptions, HealthImaging } from '../../../src/healthimaging/api.ts';
import { withHealthReport } from '../../../src/healthimaging/calls/healthReport.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { deadline, startUpstream, type UpstreamOptions } from '../../support/gateway/withUpstream.ts';
import { datastoreId, fakeHealthImaging } from '../../support/upstream/fakeHealthImaging.ts';
import { exception, hang, json, reset, respond, type Fault } from '../../support/upstream/faultServer.ts';
import { wireDatastore, wirePage } from '../../support/upstream/wireSummaries.ts';

const quietMs = 100;
const requestIds = Array.from(
  { length: 30 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
const options: CallOptions = { signal: new AbortController().signal };
const imageSetId = '1'.repeat(32);

type Read = (api: HealthImaging, call: CallOptions) => Promise<unknown>;

const search: Read = (api, call) => api.searchImageSets({ datastoreId, criteria: {}, maxResults: 50 }, call);
const getDatastore: Read = (api, call) => api.getDatastore(datastoreId, call);
const getImageSet: Read = (api, call) => api.getImageSet({ datastoreId, imageSetId }, call);

/** The whole adapter over a scripted upstream, and what it writes to the log. */
async function harness(fault: Fault, upstreamOptions: UpstreamOptions = {}) {
  const upstream = await startUpstream(
    { maximumAttempts: 1, halfOpenAfterMs: 50, ...upstreamOptions },
    fault,
  );
  const { log, lines } = captureLog();
  return {
    ...upstream,
    api: withHealthReport(upstream.api, { log, datastoreIds: [datastoreId], quietMs }),
    lines: (): Record<string, unknown>[] =>
      lines().map(({ level, ...line }) => ({
        ...line,
        level: level === 40 ? 'warn' : 'info',
        time: undefined,
      })),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

/** How the calls end: their codes. */
function codesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(
    calls.map((call) =>
      call.then(
        () => 'ok',
        (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
      ),
    ),
  );
}

const noCredentials = () =>
  Promise.reject(Object.assign(new Error('None.'), { name: 'CredentialsProviderError' }));

interface Row {
  readonly what: string;
  readonly fault: Fault;
  readonly code: string;
  readonly cause: string;
  readonly failing: string;
  readonly well: string;
  readonly ofDatastore?: boolean;
  readonly client?: UpstreamOptions['client'];
}

const unreachable = {
  failing: 'HealthImaging cannot be reached, or does not respond in time',
  well: 'HealthImaging responds again',
};
const unauthenticated = {
  failing: 'the AWS credentials of the gateway are missing, expired or not accepted',
  well: 'the AWS credentials of the gateway are accepted again',
};

const faults: readonly Row[] = [
  {
    what: 'a dead endpoint',
    fault: reset,
    code: 'UPSTREAM_UNAVAILABLE',
    cause: 'ECONNRESET',
    ...unreachable,
  },
  {
    what: 'an upstream that is down',
    fault: exception(503, 'ServiceUnavailableException'),
    code: 'UPSTREAM_UNAVAILABLE',
    cause: 'ServiceUnavailableException',
    ...unreachable,
  },
  {
    what: 'an upstream that does not respond',
    fault: hang,
    code: 'UPSTREAM_TIMEOUT',
    cause: 'TimeoutError',
    client: { attemptTimeoutMs: 200 },
    ...unreachable,
  },
  {
    what: 'an expired credential',
    fault: exception(403, 'ExpiredTokenException'),
    code: 'UPSTREAM_AUTH_FAILED',
    cause: 'ExpiredTokenException',
    ...unauthenticated,
  },
  {
    what: 'a permission that is missing',
    fault: exception(403, 'AccessDeniedException'),
    code: 'UPSTREAM_ACCESS_DENIED',
    cause: 'AccessDeniedException',
    failing: 'HealthImaging denies the gateway access to a data store',
    well: 'HealthImaging grants the gateway access to the data store again',
    ofDatastore: true,
  },
  {
    what: 'an unknown data store',
    fault: exception(404, 'ResourceNotFoundException'),
    code: 'NOT_FOUND',
    cause: 'ResourceNotFoundException',
    failing: 'HealthImaging does not know a configured data store',
    well: 'HealthImaging knows the data store again',
    ofDatastore: true,
  },
  {
    what: 'an endpoint that is not HealthImaging',
    fault: respond(200, '<html></html>', { 'content-type': 'text/html' }),
    code: 'UPSTREAM_PROTOCOL_ERROR',
    cause: 'SyntaxError',
    failing: 'HealthImaging responds in a form that its service model does not describe',
    well: 'HealthImaging responds in the form of its service model again',
  },
];

describe('a fault is reported when it begins and when it is over, not once a request', () => {
  test.each(faults)(
    '$what: $code',
    async ({ fault, code, cause, failing, well, ofDatastore = false, client = {} }) => {
      await using upstream = await harness(fault, { client });
      const { api, server, lines } = upstream;
      const call = (index: number) => search(api, { ...options, requestId: requestIds[index] ?? '' });
      await codesOf([call(0)]);
      await codesOf(requestIds.slice(1, 20).map((_, index) => call(index + 1)));
      await codesOf([call(20), call(21)]);
      const line = { code, ...(ofDatastore && { datastoreId }) };
      const warning = {
        level: 'warn',
        ...line,
        operation: 'SearchImageSets',
        requestId: requestIds[0],
        msg: failing,
      };
      expect(lines()).toEqual([{ ...warning, err: expect.anything() }]);
      expect(JSON.stringify(lines()[0])).toContain(cause);

      server.script(json(wirePage(1)));
      await delay(100);
      expect(await codesOf([call(22), call(23), call(24)])).toContain('ok');
      await delay(2 * quietMs);
      expect(await codesOf([call(25)])).toEqual(['ok']);
      await delay(10);
      expect(lines().slice(1)).toEqual([{ level: 'info', ...line, msg: well }]);
    },
  );
});

test('credentials that cannot be had are reported', async () => {
  await using upstream = await harness(json(wirePage(1)), { client: { credentials: noCredentials } });
  const { api, lines } = upstream;
  await codesOf([search(api, options), search(api, options)]);
  expect(lines()).toMatchObject([
    { level: 'warn', code: 'UPSTREAM_AUTH_FAILED', err: { type: 'CredentialsProviderError' } },
  ]);
});

test('a failure without a response does not show that HealthImaging can be reached', async () => {
  const [fake] = fakeHealthImaging({
    failures: {
      0: new GatewayError('UPSTREAM_UNAVAILABLE'),
      1: new GatewayError('UPSTREAM_AUTH_FAILED', { cause: new Error() }),
      2: new GatewayError('UPSTREAM_THROTTLED'),
      3: new GatewayError('OVERLOADED'),
    },
  });
  const { log, lines } = captureLog();
  const api = withHealthReport(fake, { log, datastoreIds: [datastoreId], quietMs: 0 });
  for (let call = 0; call < 4; call += 1) await codesOf([search(api, options)]);
  await delay(20);
  expect(lines().map(({ code }) => code)).toEqual(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_AUTH_FAILED']);
  await codesOf([search(api, options)]);
  await delay(20);
  expect(lines()).toHaveLength(4);
});

test('of several concurrent calls, the first to fail is named', async () => {
  await using upstream = await harness(exception(403, 'AccessDeniedException'));
  const { api, lines } = upstream;
  await codesOf(requestIds.map((requestId) => search(api, { ...options, requestId })));
  expect(lines()).toHaveLength(1);
  expect(requestIds).toContain(lines()[0]?.['requestId']);
});

test('where one fault follows another, the first is over and the other is reported', async () => {
  await using upstream = await harness(exception(503, 'ServiceUnavailableException'));
  const { api, server, lines } = upstream;
  await codesOf([search(api, options)]);
  server.script(exception(403, 'ExpiredTokenException'));
  await codesOf([search(api, options)]);
  await delay(2 * quietMs);
  expect(lines()).toMatchObject([
    { level: 'warn', code: 'UPSTREAM_UNAVAILABLE' },
    { level: 'warn', code: 'UPSTREAM_AUTH_FAILED' },
    { level: 'info', code: 'UPSTREAM_UNAVAILABLE', msg: 'HealthImaging responds again' },
  ]);
});

test('an operation that is denied is not taken for granted again when another one succeeds', async () => {
  await using upstream = await harness(exception(403, 'AccessDeniedException'));
  const { api, server, lines } = upstream;
  await codesOf([getDatastore(api, options)]);
  server.script(json(wirePage(1)));
  await codesOf([search(api, options)]);
  await delay(2 * quietMs);
  expect(lines()).toHaveLength(1);
  server.script(json(wireDatastore));
  await codesOf([getDatastore(api, options)]);
  await delay(2 * quietMs);
  expect(lines()).toHaveLength(2);
});

test('each data store is reported for itself', async () => {
  const other = 'e'.repeat(32);
  await using upstream = await harness(exception(404, 'ResourceNotFoundException'));
  const { log, lines } = captureLog();
  const api = withHealthReport(upstream.api, { log, datastoreIds: [datastoreId, other], quietMs });
  await codesOf([getDatastore(api, options), api.getDatastore(other, options), getDatastore(api, options)]);
  expect(lines().map((line) => line['datastoreId'])).toEqual([datastoreId, other]);
});

describe('what concerns a single request is not reported', () => {
  test.each<[string, Fault, Read, string]>([
    [
      'an image set that does not exist',
      exception(404, 'ResourceNotFoundException'),
      getImageSet,
      'NOT_FOUND',
    ],
    ['input that is refused', exception(400, 'ValidationException'), search, 'BAD_USER_INPUT'],
    [
      'an image set that is being changed',
      exception(409, 'ConflictException'),
      getImageSet,
      'UPSTREAM_CONFLICT',
    ],
    [
      'a throttle',
      exception(429, 'ThrottlingException', { 'retry-after': '0' }),
      search,
      'UPSTREAM_THROTTLED',
    ],
    [
      'a client that leaves',
      hang,
      async (api, call) => {
        using signal = deadline(20);
        return await search(api, { ...call, signal });
      },
      'UPSTREAM_TIMEOUT',
    ],
    [
      'a data store that is not configured',
      exception(404, 'ResourceNotFoundException'),
      (api, call) => api.getDatastore('f'.repeat(32), call),
      'NOT_FOUND',
    ],
  ])('%s', async (_what, fault, read, code) => {
    await using upstream = await harness(fault);
    const { api, lines } = upstream;
    expect(await codesOf([read(api, options), read(api, options)])).toEqual([code, code]);
    expect(lines()).toEqual([]);
  });

  test('and shows that HealthImaging is well again', async () => {
    await using upstream = await harness(exception(503, 'ServiceUnavailableException'));
    const { api, server, lines } = upstream;
    await codesOf([getImageSet(api, options)]);
    server.script(exception(404, 'ResourceNotFoundException'));
    await codesOf([getImageSet(api, options)]);
    await delay(2 * quietMs);
    expect(lines()).toMatchObject([{ level: 'warn' }, { level: 'info', code: 'UPSTREAM_UNAVAILABLE' }]);
  });
});
