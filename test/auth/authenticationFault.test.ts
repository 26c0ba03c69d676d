import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { captureLog } from '../support/capturedLog.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/upstream/recordingProxy.ts';
import {
  audience,
  canarySubject,
  createTokenWorld,
  frozenNow,
  type TokenWorld,
} from '../support/tokens/tokenWorld.ts';

const search = '{ imageSets { nodes { version } } }';

let world: TokenWorld;
let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;
const log = captureLog();

beforeAll(async () => {
  world = await createTokenWorld();
  local = await withLocal({ imageSets: manyImageSets(1) });
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: faultyWhenFiltered([local.datastoreId]),
    environment: {
      AUTH_ISSUER: world.issuer.url,
      AUTH_AUDIENCE: audience,
      AUTH_DATASTORES_CLAIM: 'datastores',
      AUDIT: 'off',
    },
    now: () => frozenNow,
    log: log.log,
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
  await world.issuer.close();
});

/** The claims of a token are read against the configured data stores by `filter`: here, by a fault of the gateway. */
function faultyWhenFiltered(datastoreIds: readonly [string]): readonly [string] {
  const filter = (): never => {
    throw new TypeError(`no such subject: ${canarySubject}`);
  };
  return Object.assign([...datastoreIds] as const, { filter });
}

const send = (token: string) => gateway.query(search, undefined, { authorization: `Bearer ${token}` });

test('a fault of the gateway while claims are read is a 500 and an error in the log, not a 401', async () => {
  upstream.take();
  log.clear();
  const { status, headers, body } = await send(world.token({ claims: { datastores: local.datastoreId } }));
  const requestId = headers.get('x-request-id');
  expect([status, headers.get('www-authenticate'), body]).toEqual([
    500,
    null,
    {
      errors: [
        {
          message: 'An internal error of the gateway. Its log has the cause under the requestId.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
        },
      ],
    },
  ]);
  expect(log.lines().filter(({ level }) => level === 50)).toEqual([
    {
      level: 50,
      time: expect.any(Number),
      code: 'INTERNAL_SERVER_ERROR',
      err: {
        type: 'TypeError',
        at: expect.arrayContaining([expect.stringContaining('src/auth/authorize.ts')]),
      },
      requestId,
      msg: 'internal error',
    },
  ]);
  expect(log.text()).not.toContain(canarySubject);
  expect(upstream.take()).toEqual([]);
});

test('such a fault is counted apart from refusals, and from keys that could not be fetched', async () => {
  await send(world.token());
  const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
  const outcomes = metrics.match(/healthimaging_graphql_authentications_total\{outcome="(\w+)"\}/g);
  expect(outcomes).toEqual(['healthimaging_graphql_authentications_total{outcome="internal_error"}']);
});

test('a token that is not valid is still refused', async () => {
  expect((await send(world.token({ claims: { exp: 1 } }))).status).toBe(401);
});
