import type { AddressInfo } from 'node:net';

import type { Audit } from '../audit/openAudit.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { anonymousPrincipal } from '../auth/principal.ts';
import type { Config } from '../config/config.ts';
import type { HealthImaging } from '../healthimaging/api.ts';
import { createAuthentication } from './authentication.ts';
import { createLifecycle } from './health/lifecycle.ts';
import { createUpstreamProbe } from './health/upstreamProbe.ts';
import { createHttpServer, type HttpOptions } from './http.ts';

const probe = { maxAgeMs: 5_000, timeoutMs: 3_000, now: () => performance.now() };

export interface ServerDependencies extends Pick<
  HttpOptions,
  'apollo' | 'createContext' | 'metrics' | 'log' | 'explorePage'
> {
  /** Undefined: every request is anonymous. */
  readonly authenticate: Authenticate | undefined;
  /** Undefined: no events are recorded. */
  readonly audit: Audit | undefined;
  readonly api: Pick<HealthImaging, 'getDatastore'>;
  /** The configured data stores; the first is asked for to find out whether HealthImaging can be reached. */
  readonly datastoreIds: readonly [string, ...string[]];
}

export interface Server {
  /**
   * Resolves to where it listens, `http://host:port`.
   * @throws the system's error, such as EADDRINUSE
   */
  listen(): Promise<string>;
  /** Takes no new requests; resolves when those in flight have been answered, or their deadline is over. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The process edge, not listening yet. */
export async function createServer(
  config: Config['http'],
  { authenticate, audit, api, datastoreIds, ...rest }: ServerDependencies,
): Promise<Server> {
  const { log, metrics } = rest;
  const lifecycle = createLifecycle();
  const [datastoreId] = datastoreIds;
  const anonymous = anonymousPrincipal(datastoreIds);
  const server = await createHttpServer(config, {
    ...rest,
    authentication: createAuthentication({ authenticate, anonymous, log, metrics }),
    auditing: audit?.auditing,
    isAuthenticated: authenticate !== undefined,
    lifecycle,
    isAuditWritable: audit?.isWritable ?? (() => Promise.resolve(true)),
    isUpstreamReachable: createUpstreamProbe({
      ...probe,
      read: (signal) => api.getDatastore(datastoreId, { signal }),
    }),
  });
  const { host, port, requestDeadlineMs } = config;
  return {
    async listen() {
      await server.listen({ port, host });
      lifecycle.ready();
      return urlOf(host, server.server.address());
    },
    drain: () => lifecycle.drain(requestDeadlineMs),
    close: () => server.close(),
  };
}

/** With the port that was taken where 0 was asked for. */
function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
