import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { attached } from '../../attached.ts';
import type { Log } from '../../log/log.ts';
import { allMethods, httpRefusal } from './httpRefusals.ts';
import { refusalBody, refusalContentType } from './refusal.ts';

/** HTTP statuses by Node's error code; 400 for any other. */
const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_METHOD: 405,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

export interface ConnectionRefusals {
  /** Keeps track of the response that is being sent on each connection. */
  watch(server: Server): void;
  /** Fastify's `clientErrorHandler`: sends a response in GraphQL's form, and closes the connection. */
  handle(error: NodeJS.ErrnoException, socket: Socket): void;
}

/** Refuses what never becomes a request: slow clients, headers that are too long, bytes that are not HTTP, tunnels. */
export function createConnectionRefusals(log: Pick<Log, 'debug'>): ConnectionRefusals {
  const responses = attached<Duplex, ServerResponse>();
  const answer = (socket: Duplex, status: number) => {
    const current = responses.get(socket);
    // Within another response, the bytes would become part of it.
    const isResponding = current?.headersSent === true && !current.writableFinished;
    if (socket.writable && !isResponding) {
      const requestId = randomUUID();
      log.debug({ requestId, status }, 'refused a connection');
      socket.write(rawResponse(status, requestId));
    }
    socket.destroy();
  };
  return {
    watch(server) {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        const { socket } = request;
        responses.set(socket, response);
        // An idle connection keeps nothing of what was sent on it.
        response.once('finish', () => {
          if (responses.get(socket) === response) responses.set(socket, undefined);
        });
      });
      // Node closes the connection without an answer, and answers without a body.
      server.on('connect', (_request: IncomingMessage, socket: Duplex) => answer(socket, 405));
      server.on('checkExpectation', ({ socket }: IncomingMessage) => answer(socket, 417));
    },
    handle(error, socket) {
      if (error.code === 'ECONNRESET') socket.destroy();
      else answer(socket, statusOf(error));
    },
  };
}

/** Bytes that do not begin as a request does are no method either: those of TLS, for example. */
function statusOf({ code = '', rawPacket }: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): number {
  const status = statuses[code] ?? 400;
  const isRequest = /^[!#$%&'*+.^_`|~\w-]+ \S/.test(rawPacket?.toString('latin1', 0, 100) ?? '');
  return status === 405 && !isRequest ? 400 : status;
}

function rawResponse(status: number, requestId: string): string {
  const body = JSON.stringify(refusalBody(httpRefusal(status), requestId));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${refusalContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(status === 405 ? [`allow: ${allMethods.join(', ')}`] : []),
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
