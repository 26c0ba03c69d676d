import { afterAll, describe, expect, test } from '@jest/globals';

import type { ErrorCode } from '../../src/errors.ts';
import { createClient } from '../../src/healthimaging/sdk/client.ts';
import { createSdkHealthImaging } from '../../src/healthimaging/sdk/sdkHealthImaging.ts';
import {
  after,
  respond,
  close,
  cut,
  drip,
  exception,
  hang,
  json,
  raw,
  reset,
  resetAfter,
  stall,
  type Fault,
} from '../support/upstream/faultServer.ts';
import { failureOf, search, startUpstream, type Upstream } from '../support/gateway/withUpstream.ts';
import { wirePage, wireSummary } from '../support/upstream/wireSummaries.ts';

const page = JSON.stringify(wirePage(2));
const html = respond(200, '<html><body>Welcome</body></html>', { 'content-type': 'text/html' });

function summaryWith(member: string, value: unknown): Fault {
  return json({ imageSetsMetadataSummaries: [{ ...wireSummary(1), [member]: value }] });
}

function tagWith(member: string, value: unknown): Fault {
  return json({ imageSetsMetadataSummaries: [{ ...wireSummary(1), DICOMTags: { [member]: value } }] });
}

interface Row {
  readonly fault: string;
  readonly script: Fault;
  readonly first: ErrorCode;
  /** With a token, where that says something else. */
  readonly later?: ErrorCode;
}

const unavailable = 'UPSTREAM_UNAVAILABLE';
const timeout = 'UPSTREAM_TIMEOUT';
const protocol = 'UPSTREAM_PROTOCOL_ERROR';
const auth = 'UPSTREAM_AUTH_FAILED';

const transport: Row[] = [
  { fault: 'no response', script: hang, first: timeout },
  { fault: 'a response too late', script: after(2_000, json(wirePage(1))), first: timeout },
  { fault: 'a body that stalls', script: stall(page), first: timeout },
  { fault: 'a body that drips', script: drip(page, 20), first: timeout },
  { fault: 'an error whose body drips', script: drip('{}', 200), first: timeout },
  { fault: 'a body that is cut', script: cut(page), first: unavailable },
  { fault: 'a connection that ends', script: close, first: unavailable },
  { fault: 'a reset after the request', script: reset, first: unavailable },
  {
    fault: 'a reset among the headers',
    script: resetAfter('HTTP/1.1 200 OK\r\ncontent-le'),
    first: unavailable,
  },
  {
    fault: 'a reset in the body',
    script: resetAfter('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"imageSets'),
    first: unavailable,
  },
  {
    fault: 'a chunked body that is cut',
    script: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"ima'),
    first: unavailable,
  },
  { fault: 'what is not HTTP', script: raw('SSH-2.0-OpenSSH_9.6\r\n'), first: protocol },
  {
    fault: 'headers without end',
    script: raw(`HTTP/1.1 200 OK\r\nx-filler: ${'a'.repeat(40_000)}\r\n\r\n{}`),
    first: protocol,
  },
];

const statuses: Row[] = [
  { fault: '500', script: exception(500, 'InternalServerException'), first: unavailable },
  { fault: '500 in words', script: respond(500, 'oops'), first: unavailable },
  { fault: '501', script: exception(501, 'NotImplemented'), first: unavailable },
  { fault: '502 with HTML', script: respond(502, '<html>Bad Gateway</html>'), first: unavailable },
  { fault: '503, empty', script: respond(503), first: unavailable },
  { fault: '504', script: respond(504, '{}'), first: unavailable },
  {
    fault: '429',
    script: exception(429, 'ThrottlingException', { 'retry-after': '0' }),
    first: 'UPSTREAM_THROTTLED',
  },
  { fault: '429, empty', script: respond(429, '', { 'retry-after': '0' }), first: 'UPSTREAM_THROTTLED' },
  { fault: '403', script: exception(403, 'AccessDeniedException'), first: 'UPSTREAM_ACCESS_DENIED' },
  { fault: '403 with HTML', script: respond(403, '<html>Forbidden</html>'), first: 'UPSTREAM_ACCESS_DENIED' },
  { fault: '403 of an expired token', script: exception(403, 'ExpiredTokenException'), first: auth },
  { fault: '400 of an expired token', script: exception(400, 'ExpiredToken'), first: auth },
  { fault: '403 of a wrong signature', script: exception(403, 'InvalidSignatureException'), first: auth },
  { fault: '403 of an unknown key', script: exception(403, 'UnrecognizedClientException'), first: auth },
  { fault: '403 of a clock that is off', script: exception(403, 'RequestTimeTooSkewed'), first: auth },
  { fault: '401', script: respond(401, '{}'), first: auth },
  {
    fault: '400',
    script: exception(400, 'ValidationException'),
    first: 'BAD_USER_INPUT',
    later: 'CURSOR_EXPIRED',
  },
  { fault: '400 without a name', script: json({}, 400), first: 'BAD_USER_INPUT', later: 'CURSOR_EXPIRED' },
  { fault: '400 with HTML', script: respond(400, '<html>Bad Request</html>'), first: protocol },
  { fault: '404', script: exception(404, 'ResourceNotFoundException'), first: 'NOT_FOUND' },
  { fault: '404 with HTML', script: respond(404, '<html>Not Found</html>'), first: protocol },
  { fault: '409', script: exception(409, 'ConflictException'), first: 'UPSTREAM_CONFLICT' },
  { fault: '402', script: exception(402, 'ServiceQuotaExceededException'), first: protocol },
  { fault: '406', script: exception(406, 'NotAcceptableException'), first: protocol },
  { fault: '418', script: respond(418, '{}'), first: protocol },
  { fault: '302', script: respond(302, '', { location: 'http://127.0.0.1:9/' }), first: protocol },
];

const shapes: Row[] = [
  { fault: 'an empty 200', script: respond(200), first: protocol },
  { fault: 'a 204', script: respond(204), first: protocol },
  { fault: 'HTML', script: html, first: protocol },
  { fault: 'JSON that breaks off', script: respond(200, page.slice(0, -40)), first: protocol },
  { fault: 'null', script: respond(200, 'null'), first: protocol },
  { fault: 'a list', script: respond(200, '[]'), first: protocol },
  { fault: 'text', script: respond(200, '"imageSetsMetadataSummaries"'), first: protocol },
  { fault: 'no list', script: json({}), first: protocol },
  { fault: 'null for the list', script: json({ imageSetsMetadataSummaries: null }), first: protocol },
  { fault: 'text for the list', script: json({ imageSetsMetadataSummaries: 'none' }), first: protocol },
  { fault: 'an object for the list', script: json({ imageSetsMetadataSummaries: {} }), first: protocol },
  { fault: 'null for a row', script: json({ imageSetsMetadataSummaries: [null] }), first: protocol },
  { fault: 'a row without imageSetId', script: summaryWith('imageSetId', null), first: protocol },
  {
    fault: 'an imageSetId of another form',
    script: summaryWith('imageSetId', 'A'.repeat(32)),
    first: protocol,
  },
  { fault: 'text for the version', script: summaryWith('version', '1'), first: protocol },
  { fault: 'a version that is no integer', script: summaryWith('version', 1.5), first: protocol },
  { fault: 'a time in words', script: summaryWith('createdAt', '2026-11-01T00:00:00Z'), first: protocol },
  { fault: 'a time out of range', script: summaryWith('updatedAt', 1e18), first: protocol },
  { fault: 'a number for a flag', script: summaryWith('isPrimary', 1), first: protocol },
  { fault: 'a number for a tier', script: summaryWith('storageTier', 1), first: protocol },
  { fault: 'text for the tags', script: summaryWith('DICOMTags', 'none'), first: protocol },
  { fault: 'a number for text', script: tagWith('DICOMPatientId', 17), first: protocol },
  { fault: 'an object for text', script: tagWith('DICOMPatientName', { Alphabetic: 'x' }), first: protocol },
  { fault: 'text for a count', script: tagWith('DICOMNumberOfStudyRelatedSeries', '2'), first: protocol },
  { fault: 'a number for the token', script: json({ ...wirePage(1), nextToken: 7 }), first: protocol },
  { fault: 'an empty token', script: json({ ...wirePage(1), nextToken: '' }), first: protocol },
  {
    fault: 'a token that is too long',
    script: json({ ...wirePage(1), nextToken: 'a'.repeat(8193) }),
    first: protocol,
  },
  { fault: 'a response that is too large', script: respond(200, ' '.repeat(200_000)), first: protocol },
];

const table = [...transport, ...statuses, ...shapes];

/** One try and a breaker that stays shut: what is looked at is each fault by itself. */
const alone = {
  maximumAttempts: 1,
  failures: 1_000,
  client: { maximumResponseBytes: 100_000, attemptTimeoutMs: 400 },
};

describe('each fault of HealthImaging has its error code', () => {
  const started: Promise<Upstream> = startUpstream(alone, hang);

  afterAll(async () => (await started).close());

  test.each(table)('on a first page: $fault', async ({ script, first }) => {
    const { server, api } = await started;
    server.script(script);
    expect((await failureOf(search(api))).code).toBe(first);
  });

  test.each(table)('on a later page: $fault', async ({ script, first, later = first }) => {
    const { server, api } = await started;
    server.script(script);
    expect((await failureOf(search(api, { nextToken: 'token' }))).code).toBe(later);
  });

  test('and calls succeed again after all of them', async () => {
    const { server, api } = await started;
    server.script(json(wirePage(2)));
    expect((await search(api)).rows).toHaveLength(2);
  });
});

describe('faults before any request', () => {
  async function codeOf(endpoint: string, options = {}) {
    const client = createClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'AKIDSYNTHETIC', secretAccessKey: 'synthetic' },
      ...options,
    });
    const { code } = await failureOf(search(createSdkHealthImaging(client)));
    client.destroy();
    return code;
  }

  test('a refused connection is UPSTREAM_UNAVAILABLE', async () => {
    const { server, close: stop } = await startUpstream({}, hang);
    await stop();
    expect(await codeOf(server.url)).toBe(unavailable);
  });

  test('a reset at accept is UPSTREAM_UNAVAILABLE', async () => {
    const { server, close: stop } = await startUpstream({}, hang);
    server.resetAtAccept(true);
    expect(await codeOf(server.url)).toBe(unavailable);
    await stop();
  });

  test('a name that does not resolve is UPSTREAM_UNAVAILABLE', async () => {
    expect(await codeOf('http://healthimaging.invalid')).toBe(unavailable);
  });

  test('a connection that is never established is UPSTREAM_TIMEOUT', async () => {
    // TEST-NET-1 of RFC 5737 routes nowhere: depending on the machine it is silence or an unreachable network.
    expect([timeout, unavailable]).toContain(
      await codeOf('http://192.0.2.1', { connectTimeoutMs: 100, attemptTimeoutMs: 200 }),
    );
  });

  test('missing credentials are UPSTREAM_AUTH_FAILED', async () => {
    const credentials = () =>
      Promise.reject(Object.assign(new Error('None.'), { name: 'CredentialsProviderError' }));
    expect(await codeOf('http://127.0.0.1:9', { credentials })).toBe(auth);
  });
});

describe('an error has', () => {
  test('the wait that HealthImaging asks for, in seconds or as a date', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    const {
      server,
      api,
      close: stop,
    } = await startUpstream(alone, exception(429, 'ThrottlingException', { 'retry-after': '7' }));
    expect((await failureOf(search(api))).retryAfterMs).toBe(7_000);
    server.script(exception(503, 'ServiceUnavailableException', { 'retry-after': date }));
    const { retryAfterMs = 0 } = await failureOf(
      api.getDatastore('d'.repeat(32), { signal: new AbortController().signal }),
    );
    expect(Math.abs(retryAfterMs - 30_000)).toBeLessThan(2_000);
    await stop();
  });

  test('its cause, and nothing of the response in its own text', async () => {
    const secret = 'Sample^Ada';
    const { api, close: stop } = await startUpstream(alone, respond(200, `{"name":"${secret}" oops`));
    const error = await failureOf(search(api));
    expect(error.cause).toBeDefined();
    expect(`${error.message} ${error.stack ?? ''}`).not.toContain(secret);
    await stop();
  });
});
