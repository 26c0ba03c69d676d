import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { routes, type Route } from './operations/index.ts';
import type { Answer } from './operations/operation.ts';
import { errorStatus, ServiceError } from './serviceError.ts';

/** A criteria of full length, every character escaped, takes less than half of it. */
const mostBodyBytes = 65_536;

const matchers = routes.map((route) => ({
  route,
  names: Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name),
  expression: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '([^/]*)')}$`),
}));

export interface RoutedRequest {
  readonly route: Route;
  /** Members of the operation's input, as restJson1 binds them, not checked yet. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Finds the operation and reads its input out of path, query and body. The host does not matter: the service's `runtime-` prefix
 * only divides its own traffic.
 * @throws {ServiceError} UnknownOperationException, MethodNotAllowedException, SerializationException
 */
export async function readRequest(request: IncomingMessage): Promise<RoutedRequest> {
  const [path, query = ''] = splitOnce(request.url ?? '', '?');
  const found = matchers.filter(({ expression }) => expression.test(path));
  const matcher = found.find(({ route }) => route.method === request.method);
  if (found.length === 0) {
    throw new ServiceError('UnknownOperationException', 'No operation of HealthImaging has this path.');
  }
  if (matcher === undefined) {
    const methods = found.map(({ route }) => route.method).join(', ');
    throw new ServiceError('MethodNotAllowedException', `Expected method ${methods} on this path.`);
  }
  const { route, names, expression } = matcher;
  const labels = expression.exec(path)?.slice(1) ?? [];
  const body = await readBody(request);
  return {
    route,
    input: {
      ...Object.fromEntries(names.map((name, index) => [name, decodeLabel(labels[index] ?? '')])),
      ...readQuery(route.query, query),
      ...(route.payload !== undefined && { [route.payload]: parseBody(body) }),
    },
  };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** What is not percent-encoded text fits no pattern of a label. */
function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return '';
  }
}

function readQuery(members: Route['query'], query: string): Record<string, string | number> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    Object.entries(members).flatMap(([parameter, member]) => {
      const text = parameters.get(parameter);
      if (text === null) return [];
      // The one number of all queries.
      return [[member, member === 'maxResults' && /^-?\d{1,15}$/.test(text) ? Number(text) : text] as const];
    }),
  );
}

/** @throws {ServiceError} RequestEntityTooLargeException */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed when it is left early: the refusal still goes out over its connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBodyBytes) {
      throw new ServiceError(
        'RequestEntityTooLargeException',
        `Expected a body of ${mostBodyBytes} bytes at most.`,
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
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    // Without the cause: a parser's message quotes the body.
    throw new ServiceError('SerializationException', 'Expected the body to be a JSON object in UTF-8.');
  }
}

export function writeAnswer(response: ServerResponse, { body, headers }: Answer): void {
  write(response, 200, body, { 'content-type': 'application/json', ...headers });
}

/** Errors as restJson1 has them: their name in a header, their message in the body. */
export function writeError(response: ServerResponse, { name, message }: ServiceError): void {
  write(response, errorStatus[name], JSON.stringify({ message }), {
    'content-type': 'application/json',
    'x-amzn-errortype': name,
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
