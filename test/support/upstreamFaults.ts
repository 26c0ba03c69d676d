import { errorTable, type ErrorCode } from '../../src/errors.ts';
import {
  after,
  answer,
  close,
  cut,
  drip,
  hang,
  json,
  raw,
  reset,
  resetAfter,
  stall,
  type Fault,
  type FaultServer,
} from './faultServer.ts';
import { wirePage, wireSummary } from './wireSummaries.ts';

/** Stands in every answer of the upstream, and must not be found in any of the gateway's. */
export const canary = 'canary-4f1d';

/** An upstream behind a host name that may lead elsewhere. */
export interface FaultyUpstream {
  readonly server: FaultServer;
  readonly pointAt: (target: string) => void;
}

export interface UpstreamFault {
  readonly fault: string;
  readonly begin: (upstream: FaultyUpstream) => void;
  /** Of a search without `after`; several where the machine's network decides; none: it is answered. */
  readonly first: readonly ErrorCode[];
  /** Of one with it. */
  readonly later: readonly ErrorCode[];
  /** Whether trying again may help, where the code alone does not tell. */
  readonly retryable?: boolean;
}

const unavailable = 'UPSTREAM_UNAVAILABLE';
const timeout = 'UPSTREAM_TIMEOUT';
const protocol = 'UPSTREAM_PROTOCOL_ERROR';
const auth = 'UPSTREAM_AUTH_FAILED';
const throttled = 'UPSTREAM_THROTTLED';
const denied = 'UPSTREAM_ACCESS_DENIED';

/** Closed after each answer: the next call has to connect anew. */
const headers = { connection: 'close', 'x-amzn-requestid': canary };
const page = JSON.stringify(wirePage(2, canary));
const html = `<html><body>${canary}</body></html>`;

/** Two pages of two rows, whatever is searched for. */
export const wholeUpstream: Fault = (socket, request) =>
  (request.queryNames.includes('nextToken')
    ? json(wirePage(2, null, 2), 200, headers)
    : json(wirePage(2, `${canary}-token`), 200, headers))(socket, request);

function scripted(
  fault: string,
  script: Fault,
  first: ErrorCode,
  { later = first }: { readonly later?: ErrorCode } = {},
): UpstreamFault {
  return { fault, begin: ({ server }) => server.script(script), first: [first], later: [later] };
}

/** Answers that depend on how many came before. */
function counted(script: (count: number) => Fault): UpstreamFault['begin'] {
  return ({ server }) => {
    let count = 0;
    server.script((socket, request) => script((count += 1))(socket, request));
  };
}

function unreachable(fault: string, target: string, ...codes: readonly ErrorCode[]): UpstreamFault {
  return { fault, begin: ({ pointAt }) => pointAt(target), first: codes, later: codes };
}

/** An error in restJson1's form; its message says the canary. */
function named(status: number, name: string, more: Readonly<Record<string, string>> = {}): Fault {
  return json({ message: canary, Message: canary }, status, {
    ...headers,
    'x-amzn-errortype': name,
    ...more,
  });
}

function summaryWith(member: string, value: unknown): Fault {
  return json({ imageSetsMetadataSummaries: [{ ...wireSummary(1), [member]: value }], nextToken: canary });
}

/** Sends a head that never ends. */
const drippingHead: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nx-filler: ');
  const timer = setInterval(() => socket.write('a'), 200);
  socket.once('close', () => {
    clearInterval(timer);
  });
};

/** Informational answers without end, and never a final one. */
const endlessContinue: Fault = (socket) => {
  const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 200);
  socket.once('close', () => {
    clearInterval(timer);
  });
};

const anHourOff = new Date(Date.now() + 3_600_000);

/** Refuses what is not signed at its own time, an hour ahead. */
const skewed: Fault = (socket, request) => {
  const signedAt = request.headers['x-amz-date']?.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const off = Math.abs(Date.parse(signedAt ?? '') - anHourOff.getTime()) > 300_000;
  const fault = off
    ? named(403, 'RequestTimeTooSkewed', { date: anHourOff.toUTCString() })
    : json(wirePage(2), 200, headers);
  return fault(socket, request);
};

const connection: UpstreamFault[] = [
  // The server has 127.0.0.1 to itself; nobody listens at its port of ::1.
  unreachable('refused', '::1', unavailable),
  unreachable('name does not resolve', 'healthimaging.invalid', unavailable),
  // TEST-NET-1 of RFC 5737 routes nowhere: depending on the machine that is silence or an unreachable network.
  unreachable('no way there', '192.0.2.1', timeout, unavailable),
  {
    fault: 'reset at accept',
    begin: ({ server }) => server.resetAtAccept(true),
    first: [unavailable],
    later: [unavailable],
  },
  scripted('reset after the request', reset, unavailable),
  scripted('reset among the headers', resetAfter('HTTP/1.1 200 OK\r\ncontent-le'), unavailable),
  scripted(
    'reset in the body',
    resetAfter(`HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n${page.slice(0, 400)}`),
    unavailable,
  ),
  scripted('ends without an answer', close, unavailable),
  scripted('hang', hang, timeout),
  scripted('answers after 3.5 s', after(3_500, json(wirePage(2))), timeout),
  scripted('head that drips', drippingHead, timeout),
  scripted('102 without end', endlessContinue, timeout),
  scripted('stalled body', stall(page), timeout),
  scripted('dripping body', drip(page, 200), timeout),
  scripted('dripping body of an error', drip(JSON.stringify({ message: canary }), 1_000), timeout),
  scripted('truncated body', cut(page), unavailable),
  scripted(
    'truncated chunks',
    raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n${canary}`),
    unavailable,
  ),
  scripted('not HTTP', raw(`SSH-2.0-${canary}\r\n`), protocol),
  scripted('huge headers', raw(`HTTP/1.1 200 OK\r\nx-filler: ${canary.repeat(4_000)}\r\n\r\n{}`), protocol),
];

const statuses: UpstreamFault[] = [
  scripted('500', named(500, 'InternalServerException'), unavailable),
  scripted('500 in words', answer(500, canary, headers), unavailable),
  scripted('501', named(501, 'NotImplemented'), unavailable),
  scripted('502 with HTML', answer(502, html, headers), unavailable),
  scripted('503', named(503, 'ServiceUnavailableException'), unavailable),
  scripted('504, empty', answer(504, '', headers), unavailable),
  scripted('429', named(429, 'ThrottlingException'), throttled),
  scripted('429 for 3 s', named(429, 'ThrottlingException', { 'retry-after': '3' }), throttled),
  scripted('429 for 2 minutes', named(429, 'ThrottlingException', { 'retry-after': '120' }), throttled),
  scripted('429, empty', answer(429, '', headers), throttled),
  scripted('400', named(400, 'ValidationException'), 'BAD_USER_INPUT', { later: 'CURSOR_EXPIRED' }),
  scripted('400 with HTML', answer(400, html, headers), protocol),
  scripted('401', named(401, 'UnrecognizedClientException'), auth),
  scripted('403', named(403, 'AccessDeniedException'), denied),
  scripted('403 with HTML', answer(403, html, headers), denied),
  scripted('expired credentials', named(403, 'ExpiredTokenException'), auth),
  scripted('wrong signature', named(403, 'InvalidSignatureException'), auth),
  scripted('clock off, and no telling', named(403, 'RequestTimeTooSkewed'), auth),
  { fault: 'clock an hour off', begin: ({ server }) => server.script(skewed), first: [], later: [] },
  scripted('404', named(404, 'ResourceNotFoundException'), 'NOT_FOUND'),
  scripted('404 with HTML', answer(404, html, headers), protocol),
  scripted('409', named(409, 'ConflictException'), 'UPSTREAM_CONFLICT'),
  scripted('302', answer(302, '', { ...headers, location: `http://127.0.0.1:9/${canary}` }), protocol),
  scripted('307', answer(307, '', { ...headers, location: `http://127.0.0.1:9/${canary}` }), protocol),
  scripted('418', answer(418, canary, headers), protocol),
];

const shapes: UpstreamFault[] = [
  scripted('empty 200', answer(200, '', headers), protocol),
  scripted('204', answer(204, '', headers), protocol),
  scripted('HTML', answer(200, html, { ...headers, 'content-type': 'text/html' }), protocol),
  scripted('not JSON', answer(200, `{"${canary}`, headers), protocol),
  scripted('JSON that breaks off', answer(200, page.slice(0, -40), headers), protocol),
  scripted('null', answer(200, 'null', headers), protocol),
  scripted('no list', json({ message: canary }), protocol),
  scripted('text for the list', json({ imageSetsMetadataSummaries: canary }), protocol),
  scripted('null for a row', json({ imageSetsMetadataSummaries: [null], nextToken: canary }), protocol),
  scripted('text for an id', summaryWith('imageSetId', canary), protocol),
  scripted('text for the version', summaryWith('version', canary), protocol),
  scripted('time in words', summaryWith('createdAt', canary), protocol),
  scripted('text for the tags', summaryWith('DICOMTags', canary), protocol),
  scripted('number for a tag', summaryWith('DICOMTags', { DICOMPatientName: 17 }), protocol),
  scripted('number for the token', json({ ...wirePage(1), nextToken: 7 }), protocol),
  scripted('token that is too long', json({ ...wirePage(1), nextToken: canary.repeat(1_000) }), protocol),
  scripted('answer without end', answer(200, ' '.repeat(17_000_000)), protocol),
  scripted('gzip that is none', answer(200, canary, { ...headers, 'content-encoding': 'gzip' }), protocol),
];

const paging: UpstreamFault[] = [
  {
    ...scripted('repeated token', json(wirePage(1, canary), 200, headers), protocol),
    retryable: false,
  },
  {
    fault: 'tokens in a circle',
    begin: counted((count) => json(wirePage(1, `${canary}-${count % 2}`, count), 200, headers)),
    first: [protocol],
    later: [protocol],
    retryable: false,
  },
  {
    fault: 'endless empty pages',
    begin: counted((count) => json(wirePage(0, `${canary}-${count}`), 200, headers)),
    first: [],
    later: [],
  },
];

/** What may go wrong with SearchImageSets, and what a client is then told. */
export const upstreamFaults: readonly UpstreamFault[] = [...connection, ...statuses, ...shapes, ...paging];

export function isRetryable({ retryable }: UpstreamFault, code: ErrorCode): boolean {
  return retryable ?? errorTable[code].retryable;
}
