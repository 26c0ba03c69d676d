import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Log } from '../log/log.ts';
import type { Answer, OperationContext } from './operations/operation.ts';
import { readRequest, writeAnswer, writeError } from './wire.ts';
import { ServiceError } from './serviceError.ts';
import type { Store } from './store/store.ts';

export interface LocalOptions {
  /** Stays the caller's to close, after the server. */
  readonly store: Store;
  readonly log: Log;
  /** 0: a free one. */
  readonly port: number;
  /** Default 127.0.0.1: there is no authentication. */
  readonly host?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface LocalHealthImaging {
  /** For an SDK's endpoint: no slash at its end. */
  readonly url: string;
  readonly datastoreId: string;
  /** Takes no new work and resolves when what is in flight was answered, or cut off after five seconds. */
  close(): Promise<void>;
}

const graceMs = 5_000;

/** Serves a store over HealthImaging's own protocol. Signatures are not checked, whoever reaches the port may read. */
export async function createLocalHealthImaging(options: LocalOptions): Promise<LocalHealthImaging> {
  const { store, log, port, host = '127.0.0.1', now = Date.now } = options;
  const context = { store, log, now };
  const server = createServer(
    // A token of the longest kind the model allows takes 24 KB when percent-encoded.
    { maxHeaderSize: 65_536, keepAliveTimeout: 65_000, requestTimeout: 30_000 },
    (request, response) => {
      void answer(context, request, response, server);
    },
  );
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    datastoreId: store.datastore.datastoreId,
    close: () => closeServer(server),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  context: OperationContext,
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
): Promise<void> {
  const result = await resultOf(context, request);
  // The client left: nobody to answer.
  if (response.destroyed || request.errored !== null) return;
  // A connection that is kept would hold up the server's close, and one with a body that is too long is not worth keeping.
  if (!server.listening || !request.complete) response.setHeader('connection', 'close');
  // Read on, or the sender of such a body would see a reset instead of the refusal.
  request.resume();
  if (result instanceof ServiceError) writeError(response, result);
  else writeAnswer(response, result);
}

async function resultOf(context: OperationContext, request: IncomingMessage): Promise<Answer | ServiceError> {
  const { log } = context;
  try {
    const { route, input } = await readRequest(request);
    const result = await route.answer(context, input);
    log.debug({ operation: route.operation }, 'answered');
    return result;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    if (request.errored === null) log.error({ error }, 'the local HealthImaging failed');
    return new ServiceError('InternalServerException', 'The local HealthImaging failed; its log says where.');
  }
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  clearTimeout(cut);
}
