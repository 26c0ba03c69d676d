import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Log } from '../../log/log.ts';
import { httpFault } from './httpFaults.ts';
import { refusalBody, refusalContentType } from './refusal.ts';

/** What Node's parser and clocks refuse before there is a request; any other fault is a 400. */
const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

export interface ConnectionFaults {
  /** Remembers what each connection is being answered. */
  watch(server: Server): void;
  /** Fastify's `clientErrorHandler`: answers in GraphQL's form, and ends the connection. */
  handle(error: NodeJS.ErrnoException, socket: Socket): void;
}

/** Slow clients, too long headers and what is no HTTP at all: refused in the form of every other refusal. */
export function createConnectionFaults(log: Pick<Log, 'debug'>): ConnectionFaults {
  const answers = new WeakMap<Socket, ServerResponse>();
  return {
    watch(server) {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        answers.set(request.socket, response);
      });
    },
    handle(error, socket) {
      const answer = answers.get(socket);
      // Bytes in the middle of another answer would become a part of it.
      const isAnswering = answer?.headersSent === true && !answer.writableFinished;
      if (error.code !== 'ECONNRESET' && socket.writable && !isAnswering) {
        const status = statuses[error.code ?? ''] ?? 400;
        const requestId = randomUUID();
        log.debug({ requestId, status }, 'refused a connection');
        socket.write(response(status, requestId));
      }
      socket.destroy();
    },
  };
}

function response(status: number, requestId: string): string {
  const body = JSON.stringify(refusalBody(httpFault(status), requestId));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${refusalContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
