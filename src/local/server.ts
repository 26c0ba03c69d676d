import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { Log } from '../log/log.ts';
import { finishEdits } from './edits/pendingEdits.ts';
import { createCrossOrigin } from './crossOrigin.ts';
import { demandOwnHost, isLoopbackAddress } from './hostRules.ts';
import { ImportJobs } from './jobs/importJobs.ts';
import type { Deps, Success } from './operations/route.ts';
import { ServiceError } from './serviceError.ts';
import type { Datastores } from './store/datastores/datastores.ts';
import { createSignatureCheck, type SigningKeys } from './signatures.ts';
import { createThrottle } from './throttle.ts';
import { readRequest, writeError, writeSuccess, type CheckSignature } from './wire.ts';

export interface LocalOptions {
  /** The caller closes them, after the server. */
  readonly datastores: Datastores;
  readonly log: Log;
  /** What `s3://bucket/key` of import jobs is a path below; default `s3` in the data folder. */
  readonly bucketsDirectory?: string;
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1, since there is no authentication. */
  readonly host?: string;
  /** Names that are taken as Host besides those of this machine, where it listens on loopback. */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may ask, such as `http://localhost:3000`; default: none but those of this machine, without CORS. */
  readonly corsOrigins?: readonly string[];
  /** Whether operations are throttled as an account's are; default: no. */
  readonly throttle?: boolean;
  /** Whose signatures are taken, and no others; default: signatures are not checked. */
  readonly signingKeys?: SigningKeys;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface LocalHealthImaging {
  /** The endpoint for an SDK, without a slash at its end. */
  readonly url: string;
  readonly datastoreId: string;
  /**
   * Takes no new requests, and resolves when those in flight are answered; after five seconds they are cut off. An import job that runs
   * is left to the next start.
   */
  close(): Promise<void>;
}

const graceMs = 5_000;

/**
 * Serves data stores by HealthImaging's own protocol. Unless there are signing keys, signatures are not checked: whoever reaches the port
 * may read everything.
 */
export async function createLocalHealthImaging(options: LocalOptions): Promise<LocalHealthImaging> {
  const { datastores, log, port, host = '127.0.0.1', allowedHosts = [], now = Date.now } = options;
  const { bucketsDirectory = defaultBucketsDirectory(datastores) } = options;
  // What the last process began and did not finish.
  for (const { datastoreId } of datastores.list({ status: 'ACTIVE', after: 0, limit: 100 })) {
    const store = datastores.find(datastoreId);
    if (store !== undefined) finishEdits(store, now());
  }
  const importJobs = new ImportJobs({ datastores, bucketsDirectory, log, now });
  const deps = { datastores, importJobs, log, now };
  const crossOrigin = createCrossOrigin(options.corsOrigins ?? []);
  const check = (request: IncomingMessage) => {
    if (isLoopbackAddress(host)) demandOwnHost(request, allowedHosts, (origin) => crossOrigin.allows(origin));
  };
  const throttle = options.throttle === true ? createThrottle() : undefined;
  const { signingKeys } = options;
  const checkSignature = signingKeys && createSignatureCheck(signingKeys, now);
  const server = createServer(
    // The longest tagKeys that the model allows take 80 KB when percent-encoded.
    { maxHeaderSize: 131_072, keepAliveTimeout: 65_000, requestTimeout: 30_000 },
    (request, response) => {
      if (crossOrigin.prepare(request, response)) request.resume();
      else void respond({ deps, check, checkSignature, throttle, server }, request, response);
    },
  );
  await listen(server, port, host);
  importJobs.start();
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    datastoreId: datastores.first.datastore.datastoreId,
    async close() {
      await closeServer(server);
      await importJobs.close();
    },
  };
}

/** A store in memory has no data folder. */
function defaultBucketsDirectory({ directory }: Datastores): string | undefined {
  return directory === ':memory:' ? undefined : join(directory, 's3');
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

interface Responding {
  readonly deps: Deps;
  /** Throws a ServiceError for a request that is not to be answered. */
  readonly check: (request: IncomingMessage) => void;
  readonly checkSignature: CheckSignature | undefined;
  /** Throws a ServiceError for an operation whose turn is not yet. */
  readonly throttle: ((operation: string) => void) | undefined;
  readonly server: Server;
}

async function respond(
  { server, ...rules }: Responding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const result = await call(rules, request);
  // The client has disconnected.
  if (response.destroyed || request.errored !== null) return;
  // A kept connection would delay the server's close, and behind a body that is too long there is nothing to keep it for.
  if (!server.listening || !request.complete) response.setHeader('connection', 'close');
  // Without reading on, the sender of such a body would see a reset instead of the refusal.
  request.resume();
  if (result instanceof ServiceError) writeError(response, result);
  else writeSuccess(response, result);
}

async function call(
  { deps, check, checkSignature, throttle }: Omit<Responding, 'server'>,
  request: IncomingMessage,
): Promise<Success | ServiceError> {
  const { log } = deps;
  try {
    check(request);
    const { route, members } = await readRequest(request, checkSignature);
    throttle?.(route.operation);
    const success = await route.call(deps, members);
    log.debug({ operation: route.operation }, 'answered');
    return success;
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
