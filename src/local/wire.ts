import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Shape } from './model/constraints.ts';
import { demandWellFormed } from './model/wellFormed.ts';
import { routes } from './operations/index.ts';
import type { Route, Success } from './operations/route.ts';
import { errorStatus, ServiceError } from './serviceError.ts';

/** Of an operation that names no other: the longest criteria, with every character escaped, take less than half of this. */
const defaultBodyBytes = 65_536;

const matchers = routes.map((route) => ({
  route,
  labels: Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name),
  expression: expressionOf(route),
}));

function expressionOf({ path, withSlashes }: Route): RegExp {
  const labels = path.replaceAll(/\{\w+\}/g, '([^/]*)');
  return new RegExp(`^${withSlashes === true ? labels.replace(/\(\[\^\/\]\*\)$/, '(.*)') : labels}$`);
}

export interface RoutedRequest {
  readonly route: Route;
  /** Members of the operation's input, bound as restJson1 binds them and not validated yet. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Throws a ServiceError for a request that is not to be read. */
export type CheckSignature = (request: IncomingMessage, body: Buffer) => void;

/**
 * Finds the operation, and reads the members of its input out of path, query and body. The host is ignored: the service's
 * `runtime-` prefix only divides its own traffic.
 * @throws {ServiceError} UnknownOperationException, MethodNotAllowedException, SerializationException, RequestEntityTooLargeException
 */
export async function readRequest(
  request: IncomingMessage,
  checkSignature?: CheckSignature,
): Promise<RoutedRequest> {
  const [path, query = ''] = splitOnce(request.url ?? '', '?');
  const { route, labels, expression } = findMatcher(request.method, path);
  const values = expression.exec(path)?.slice(1) ?? [];
  const body = await readBody(request, route.maximumBodyBytes ?? defaultBodyBytes);
  checkSignature?.(request, body);
  return {
    route,
    members: {
      ...Object.fromEntries(labels.map((label, index) => [label, decodeLabel(values[index] ?? '')])),
      ...readQuery(route, query),
      ...readBodyMembers(route, labels, body),
    },
  };
}

/** Divides a text where the separator first is. */
export function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** @throws {ServiceError} UnknownOperationException, MethodNotAllowedException */
function findMatcher(method: string | undefined, path: string) {
  const found = matchers.filter(({ expression }) => expression.test(path));
  if (found.length === 0) {
    throw new ServiceError('UnknownOperationException', 'No operation of HealthImaging has this path.');
  }
  const matcher = found.find(({ route }) => route.method === method);
  if (matcher !== undefined) return matcher;
  const methods = found.map(({ route }) => route.method).join(', ');
  throw new ServiceError('MethodNotAllowedException', `Expected method ${methods} on this path.`);
}

/** A label that is not percent-encoded text becomes '', which fits the pattern of no label. */
function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return '';
  }
}

/**
 * The members that are in the body: one that is all of it, or those that are nowhere else.
 * @throws {ServiceError} SerializationException
 */
function readBodyMembers(
  { payload, query = {}, input }: Route,
  labels: readonly string[],
  body: Buffer,
): Record<string, unknown> {
  if (payload !== undefined) return { [payload]: parseBody(body) };
  const elsewhere = new Set([...labels, ...Object.values(query)]);
  const names = Object.keys(input.members).filter((name) => !elsewhere.has(name));
  if (names.length === 0) return {};
  const members = parseBody(body);
  if (typeof members !== 'object' || members === null || Array.isArray(members)) throw notAnObject();
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
}

function readQuery({ query = {}, input }: Route, text: string): Record<string, unknown> {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    Object.entries(query)
      // SDKs send an empty list as no parameter at all.
      .filter(([parameter, member]) => parameters.has(parameter) || input.members[member]?.type === 'list')
      .map(([parameter, member]) => [
        member,
        parseParameter(input.members[member], parameters.getAll(parameter)),
      ]),
  );
}

/**
 * What is no number or boolean stays text, for `deserialize` to refuse. Of a parameter that is repeated the first counts, but for
 * lists.
 */
function parseParameter(shape: Shape | undefined, values: readonly string[]): unknown {
  if (shape?.type === 'list') return values;
  const [value = ''] = values;
  if (shape?.type === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true';
  return shape?.type === 'integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

/** @throws {ServiceError} RequestEntityTooLargeException */
async function readBody(request: IncomingMessage, maximumBodyBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // `for await` would destroy the connection on the throw below, and the refusal with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > maximumBodyBytes) {
      throw new ServiceError(
        'RequestEntityTooLargeException',
        `Expected a body of ${maximumBodyBytes} bytes at most.`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** @throws {ServiceError} SerializationException */
function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return JSON.parse(text, demandWellFormed) as unknown;
  } catch {
    // Without the cause: a parser's message quotes the body.
    throw notAnObject();
  }
}

function notAnObject(): ServiceError {
  return new ServiceError('SerializationException', 'Expected the body to be a JSON object in UTF-8.');
}

export function writeSuccess(response: ServerResponse, { body, headers }: Success): void {
  write(response, 200, body, { 'content-type': 'application/json', ...headers });
}

/** As restJson1 has errors: the name in a header, the message in the body. */
export function writeError(
  response: ServerResponse,
  { name, message, retryAfterSeconds }: ServiceError,
): void {
  write(response, errorStatus[name], JSON.stringify({ message }), {
    'content-type': 'application/json',
    'x-amzn-errortype': name,
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  });
}

function write(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}
