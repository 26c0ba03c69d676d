import { errorTable, type ErrorCode } from '../../../src/errors.ts';
import {
  after,
  respond,
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
  type Headers,
} from './faultServer.ts';
import { wirePage, wireSummary } from './wireSummaries.ts';

/** In every response of the upstream; must not be in any of the gateway's. */
export const canary = 'canary-4f1d';

/** An upstream behind a host name that can be pointed elsewhere. */
export interface FaultyUpstream {
  readonly server: FaultServer;
  readonly pointAt: (target: string) => void;
}

export interface UpstreamFault {
  readonly fault: string;
  readonly begin: (upstream: FaultyUpstream) => void;
  /** Of a search without `after`; several where it depends on the machine's network; none: it succeeds. */
  readonly first: readonly ErrorCode[];
  /** Of a search with `after`. */
  readonly later: readonly ErrorCode[];
  /** Whether another try may succeed, where the code alone does not say so. */
  readonly retryable?: boolean;
}

const unavailable = 'UPSTREAM_UNAVAILABLE';
const timeout = 'UPSTREAM_TIMEOUT';
const protocol = 'UPSTREAM_PROTOCOL_ERROR';
const auth = 'UPSTREAM_AUTH_FAILED';
const throttled = 'UPSTREAM_THROTTLED';
const denied = 'UPSTREAM_ACCESS_DENIED';

/** The text that the upstream puts wherever it may put text. */
export interface UpstreamWords {
  /** In bodies. */
  readonly text: string;
  /** In headers, tokens and status lines: printable ASCII. */
  readonly header: string;
  /** Of rows, in place of those of wireSummaries.ts. */
  readonly tags: Readonly<Record<string, string>>;
}

const plainWords: UpstreamWords = { text: canary, header: canary, tags: {} };

/** The connection is closed after each response: the next call has to connect again. */
const headersOf = ({ header }: UpstreamWords) => ({ connection: 'close', 'x-amzn-requestid': header });

/** Two pages of two rows, whatever is searched for. */
export function wholeUpstreamOf(words: UpstreamWords): Fault {
  const headers = headersOf(words);
  return (socket, request) =>
    (request.queryNames.includes('nextToken')
      ? json(wirePage(2, null, 2, words.tags), 200, headers)
      : json(wirePage(2, `${words.header}-token`, 0, words.tags), 200, headers))(socket, request);
}

export const wholeUpstream = wholeUpstreamOf(plainWords);

function scripted(
  fault: string,
  script: Fault,
  first: ErrorCode,
  { later = first }: { readonly later?: ErrorCode } = {},
): UpstreamFault {
  return { fault, begin: ({ server }) => server.script(script), first: [first], later: [later] };
}

/** Responses that depend on how many came before. */
function counted(script: (count: number) => Fault): UpstreamFault['begin'] {
  return ({ server }) => {
    let count = 0;
    server.script((socket, request) => script((count += 1))(socket, request));
  };
}

function unreachable(fault: string, target: string, ...codes: readonly ErrorCode[]): UpstreamFault {
  return { fault, begin: ({ pointAt }) => pointAt(target), first: codes, later: codes };
}

/** Sends a head that never ends. */
const drippingHead: Fault = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nx-filler: ');
  const timer = setInterval(() => socket.write('a'), 200);
  socket.once('close', () => {
    clearInterval(timer);
  });
};

/** Informational responses without end, and never a final one. */
const endlessContinue: Fault = (socket) => {
  const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 200);
  socket.once('close', () => {
    clearInterval(timer);
  });
};

const anHourOff = new Date(Date.now() + 3_600_000);

/** An error in restJson1's form, its name with the prefix and the suffix that a client of AWS has to cut off. */
function namedBy({ text, header }: UpstreamWords, headers: Headers) {
  return (status: number, name: string, more: Headers = {}): Fault =>
    json({ __type: `${header}#${name}`, message: text, Message: text }, status, {
      ...headers,
      'x-amzn-errortype': `${name}:http://${header}`,
      ...more,
    });
}

/** Refuses requests that are not signed by its own clock, which is an hour ahead. */
const skewed =
  (named: ReturnType<typeof namedBy>, rows: Fault): Fault =>
  (socket, request) => {
    const signedAt = request.headers['x-amz-date']?.replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      '$1-$2-$3T$4:$5:$6Z',
    );
    const off = Math.abs(Date.parse(signedAt ?? '') - anHourOff.getTime()) > 300_000;
    const fault = off ? named(403, 'RequestTimeTooSkewed', { date: anHourOff.toUTCString() }) : rows;
    return fault(socket, request);
  };

/** The connection breaks, or the response never ends. */
function connectionFaults({ text, header, tags }: UpstreamWords): UpstreamFault[] {
  const page = JSON.stringify(wirePage(2, header, 0, tags));
  return [
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
    scripted('answers after 3.5 s', after(3_500, json(page)), timeout),
    scripted('head that drips', drippingHead, timeout),
    scripted('102 without end', endlessContinue, timeout),
    scripted('stalled body', stall(page), timeout),
    scripted('dripping body', drip(page, 200), timeout),
    scripted('dripping body of an error', drip(JSON.stringify({ message: text }), 1_000), timeout),
    scripted('truncated body', cut(page), unavailable),
    scripted(
      'truncated chunks',
      raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n${header}`),
      unavailable,
    ),
    scripted('not HTTP', raw(`SSH-2.0-${header}\r\n`), protocol),
    scripted('huge headers', raw(`HTTP/1.1 200 OK\r\nx-filler: ${header.repeat(4_000)}\r\n\r\n{}`), protocol),
  ];
}

/** Responses with the status of an error. */
function statusFaults(words: UpstreamWords): UpstreamFault[] {
  const { text, header } = words;
  const headers = headersOf(words);
  const named = namedBy(words, headers);
  const html = `<html><body>${text}</body></html>`;
  // What the SDK copies onto its exceptions.
  const members = [
    'code',
    'name',
    'constructor',
    'stack',
    'cause',
    'errno',
    'syscall',
    '__proto__',
    '$metadata',
  ];
  const errorMembers = Object.fromEntries(members.map((name) => [name, text]));
  const statusLine = `HTTP/1.1 503 ${header}\r\ncontent-length: 0\r\n\r\n`;
  return [
    scripted('500', named(500, 'InternalServerException'), unavailable),
    scripted('500 in words', respond(500, text, headers), unavailable),
    scripted('501', named(501, 'NotImplemented'), unavailable),
    scripted('502 with HTML', respond(502, html, headers), unavailable),
    scripted('503', named(503, 'ServiceUnavailableException'), unavailable),
    scripted('504, empty', respond(504, '', headers), unavailable),
    scripted('429', named(429, 'ThrottlingException'), throttled),
    scripted('429 for 3 s', named(429, 'ThrottlingException', { 'retry-after': '3' }), throttled),
    scripted('429 for 2 minutes', named(429, 'ThrottlingException', { 'retry-after': '120' }), throttled),
    scripted('429, empty', respond(429, '', headers), throttled),
    scripted('400', named(400, 'ValidationException'), 'BAD_USER_INPUT', { later: 'CURSOR_EXPIRED' }),
    scripted('400 with HTML', respond(400, html, headers), protocol),
    scripted('401', named(401, 'UnrecognizedClientException'), auth),
    scripted('403', named(403, 'AccessDeniedException'), denied),
    scripted('403 with HTML', respond(403, html, headers), denied),
    scripted('expired credentials', named(403, 'ExpiredTokenException'), auth),
    scripted('wrong signature', named(403, 'InvalidSignatureException'), auth),
    scripted('clock off, and no telling', named(403, 'RequestTimeTooSkewed'), auth),
    {
      fault: 'clock an hour off',
      begin: ({ server }) => server.script(skewed(named, wholeUpstreamOf(words))),
      first: [],
      later: [],
    },
    scripted('404', named(404, 'ResourceNotFoundException'), 'NOT_FOUND'),
    scripted('404 with HTML', respond(404, html, headers), protocol),
    scripted('409', named(409, 'ConflictException'), 'UPSTREAM_CONFLICT'),
    scripted('302', respond(302, '', { ...headers, location: `http://127.0.0.1:9/${header}` }), protocol),
    scripted('307', respond(307, '', { ...headers, location: `http://127.0.0.1:9/${header}` }), protocol),
    scripted('418', respond(418, text, headers), protocol),
    scripted('400 of a name of its own', named(400, header), 'BAD_USER_INPUT', { later: 'CURSOR_EXPIRED' }),
    scripted('403 of a name of its own', named(403, header), denied),
    scripted('500 of a name of its own', named(500, header), unavailable),
    scripted('500 with members of errors', json(errorMembers, 500, headers), unavailable),
    scripted('503 in the status line', raw(statusLine), unavailable),
  ];
}

/** Responses in a form that the service model does not have. */
function shapeFaults(words: UpstreamWords): UpstreamFault[] {
  const { text, header, tags } = words;
  const headers = headersOf(words);
  const page = JSON.stringify(wirePage(2, header, 0, tags));
  const html = `<html><body>${text}</body></html>`;
  const summaryWith = (member: string, value: unknown) =>
    json({
      imageSetsMetadataSummaries: [{ ...wireSummary(1, tags), [member]: value }],
      nextToken: header,
    });
  return [
    scripted('empty 200', respond(200, '', headers), protocol),
    scripted('204', respond(204, '', headers), protocol),
    scripted('HTML', respond(200, html, { ...headers, 'content-type': 'text/html' }), protocol),
    scripted('not JSON', respond(200, `{"${text}`, headers), protocol),
    scripted('JSON that breaks off', respond(200, page.slice(0, -40), headers), protocol),
    scripted('null', respond(200, 'null', headers), protocol),
    scripted('no list', json({ message: text }), protocol),
    scripted('text for the list', json({ imageSetsMetadataSummaries: text }), protocol),
    scripted('null for a row', json({ imageSetsMetadataSummaries: [null], nextToken: header }), protocol),
    scripted('text for an id', summaryWith('imageSetId', text), protocol),
    scripted('text for the version', summaryWith('version', text), protocol),
    scripted('time in words', summaryWith('createdAt', text), protocol),
    scripted('text for the tags', summaryWith('DICOMTags', text), protocol),
    scripted('number for a tag', summaryWith('DICOMTags', { ...tags, DICOMPatientName: 17 }), protocol),
    scripted('number for the token', json({ ...wirePage(1, null, 0, tags), nextToken: 7 }), protocol),
    scripted(
      'token that is too long',
      json({ ...wirePage(1, null, 0, tags), nextToken: header.repeat(1_000) }),
      protocol,
    ),
    scripted('answer without end', respond(200, ' '.repeat(17_000_000)), protocol),
    scripted('gzip that is none', respond(200, text, { ...headers, 'content-encoding': 'gzip' }), protocol),
  ];
}

/** Pages whose next tokens lead nowhere. */
function pagingFaults(words: UpstreamWords): UpstreamFault[] {
  const { header, tags } = words;
  const headers = headersOf(words);
  return [
    {
      ...scripted('repeated token', json(wirePage(1, header, 0, tags), 200, headers), protocol),
      retryable: false,
    },
    {
      fault: 'tokens in a circle',
      begin: counted((count) => json(wirePage(1, `${header}-${count % 2}`, count, tags), 200, headers)),
      first: [protocol],
      later: [protocol],
      retryable: false,
    },
    {
      fault: 'endless empty pages',
      begin: counted((count) => json(wirePage(0, `${header}-${count}`), 200, headers)),
      first: [],
      // Ten pages were passed over, and the row to go on from was in none.
      later: ['CURSOR_EXPIRED'],
    },
  ];
}

/** How SearchImageSets may fail, and which error a client then gets. */
export function upstreamFaultsOf(words: UpstreamWords): readonly UpstreamFault[] {
  return [connectionFaults, statusFaults, shapeFaults, pagingFaults].flatMap((faults) => faults(words));
}

export const upstreamFaults = upstreamFaultsOf(plainWords);

export function isRetryable({ retryable }: UpstreamFault, code: ErrorCode): boolean {
  return retryable ?? errorTable[code].retryable;
}
