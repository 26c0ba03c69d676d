import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { captureLog } from '../support/capturedLog.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';
import { hostileTokens } from '../support/tokens/hostileTokens.ts';
import {
  audience,
  canarySubject,
  createTokenWorld,
  frozenNow,
  type TokenWorld,
} from '../support/tokens/tokenWorld.ts';

const search = '{ imageSets(first: 1) { nodes { imageSetId } } }';

let world: TokenWorld;
let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;
const log = captureLog();

beforeAll(async () => {
  world = await createTokenWorld();
  local = await withLocal({ imageSets: manyImageSets(2) });
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { AUTH_ISSUER: world.issuer.url, AUTH_AUDIENCE: `other,${audience}`, AUDIT: 'off' },
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

test('the token that the hostile ones are derived from is accepted, and its search reaches HealthImaging', async () => {
  upstream.take();
  const { status, body } = await gateway.query(search, undefined, {
    authorization: `Bearer ${world.token()}`,
  });
  expect([status, body.errors, upstream.take().length]).toEqual([200, undefined, 1]);
});

test('every hostile token is refused with 401 and the challenge, for its own reason, and leaves nothing of itself anywhere', async () => {
  const tokens = hostileTokens(world);
  expect(tokens.length).toBeGreaterThan(100);
  upstream.take();
  const refusals: unknown[] = [];
  for (const [title, , token] of tokens) {
    log.clear();
    const answer = await gateway.query(search, undefined, { authorization: `Bearer ${token}` });
    const { requestId, ...extensions } = answer.body.errors?.[0]?.extensions ?? {};
    const reasons = log.lines().flatMap((line) => ('reason' in line ? [line['reason']] : []));
    const told = JSON.stringify([answer.body, [...answer.headers]]) + log.text();
    refusals.push({
      title,
      reasons,
      status: answer.status,
      challenge: answer.headers.get('www-authenticate'),
      extensions,
      data: 'data' in answer.body,
      small: JSON.stringify(answer.body).length < 2_048,
      sameRequest: requestId === answer.headers.get('x-request-id'),
      leaked: partsOf(token).filter((part) => told.includes(part)),
    });
  }
  expect(refusals).toEqual(
    tokens.map(([title, reason]) => ({
      title,
      reasons: [reason],
      status: 401,
      challenge:
        'Bearer realm="healthimaging-graphql", error="invalid_token", error_description="The access token is not valid for this graph"',
      extensions: { code: 'UNAUTHENTICATED', retryable: false },
      data: false,
      small: true,
      sameRequest: true,
      leaked: [],
    })),
  );
  expect(upstream.take()).toEqual([]);
});

test('no URL in a token is requested, and tokens do not cause further requests to the issuer', () => {
  expect(world.issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test('metrics count refusals by reason, without anything of a token', async () => {
  const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
  const reasons = new Set(hostileTokens(world).map(([, reason]) => reason));
  for (const reason of [...reasons, 'accepted']) {
    expect(metrics).toMatch(
      new RegExp(`healthimaging_graphql_authentications_total\\{outcome="${reason}"\\} [1-9]`),
    );
  }
  expect(metrics).not.toMatch(new RegExp(`${canarySubject}|eyJ|${world.issuer.url}`));
});

/** The parts of a token, and a value in it, which must not appear anywhere. */
function partsOf(token: string): string[] {
  return [...token.split(/[^\w-]+/), canarySubject].filter((part) => part.length > 12);
}
