import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import type { Auditing } from './audit/auditing.ts';
import { openAudit } from './audit/openAudit.ts';
import { createIssuerAuthentication } from './auth/issuerAuthentication.ts';
import { anonymousPrincipal } from './auth/principal.ts';
import { callRatesOf } from './config/callRates.ts';
import { isOn, type Config } from './config/config.ts';
import { createApollo } from './graphql/apollo.ts';
import { createTokenLoops } from './healthimaging/pages/tokenLoops.ts';
import { createContextFactory, type Services } from './graphql/context.ts';
import { createSafelist } from './graphql/safelist/safelist.ts';
import { createLimiting } from './graphql/limits/limiting.ts';
import { buildSchema } from './graphql/schema.ts';
import type { HealthImaging } from './healthimaging/api.ts';
import { createClient } from './healthimaging/sdk/client.ts';
import { createPageCache } from './healthimaging/pages/pageCache.ts';
import { withResilience } from './healthimaging/calls/resilient.ts';
import { createSdkHealthImaging } from './healthimaging/sdk/sdkHealthImaging.ts';
import type { Log } from './log/log.ts';
import { createCursorSealer } from './search/cursor/cursor.ts';
import { createAuthentication } from './server/authentication.ts';
import { createCostRate } from './server/costRate.ts';
import { createHttpServer } from './server/http.ts';
import { createLifecycle } from './server/lifecycle.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { createUpstreamProbe } from './server/upstreamProbe.ts';

const cursorLifetimeMs = 24 * 60 * 60 * 1000;
/** With bodies of 256 KB, 256 MB: more than that wait before the door, where they cost a socket. */
const maximumInFlight = 1_000;
const probe = { maxAgeMs: 5_000, timeoutMs: 3_000, now: Date.now };

/** Which HealthImaging to stand before. */
export interface Upstream {
  /** The data stores that may be asked for; the first is the default one. */
  readonly datastoreIds: readonly [string, ...string[]];
  readonly region: string;
  /** Left out: AWS's own endpoint of the region. */
  readonly endpoint?: string;
  /** The embedded HealthImaging: unsigned requests, and no account whose rate is to be kept. */
  readonly embedded: boolean;
  /** 32 bytes each: the first seals cursors, all open them. Left out: made now, and lost at the end. */
  readonly cursorKeys?: readonly Buffer[];
}

export interface Gateway {
  /** Where it listens, `http://host:port`. */
  readonly url: string;
  /** Takes no new work, lets what is in flight be answered until the deadline, and closes. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config;
  readonly upstream: Upstream;
  readonly log: Log;
  /** Milliseconds since 1970, for the times of tokens and keys; left out: the machine's clock. */
  readonly now?: () => number;
}

/** Starts a gateway; resolves when it listens. */
export async function createGateway({
  config,
  upstream,
  log,
  now = Date.now,
}: GatewayOptions): Promise<Gateway> {
  const metrics = createMetrics();
  const schema = buildSchema({ scopeDirectives: config.auth.directives === 'on' });
  const safelist = await createSafelist(config.safelist, schema, { limits: config.limits, log, metrics });
  const lifecycle = createLifecycle(maximumInFlight);
  const { api, destroy } = connect(config, upstream, metrics);
  const { datastoreIds } = upstream;
  const authenticate = createIssuerAuthentication(config.auth, { datastoreIds, log, metrics, now });
  const isAuthenticated = authenticate !== undefined;
  const audit = await openAudit(config.audit, { isAuthenticated, datastoreIds, log, metrics });
  const auditing = audit?.auditing;
  const services = createServices(config, upstream, { api, metrics, auditing });
  const rate = await createCostRate({
    perMinute: config.limits.costPerMinute,
    redisUrl: config.limits.redisUrl,
    log,
  });
  const apollo = createApollo({
    schema,
    limiting: createLimiting(schema, config.limits, { rate, log, metrics }),
    safelist,
    introspection: isOn(config, config.http.introspection),
    auditing,
    countError: (code) => metrics.countError(code),
    log,
    observeOperation: (name, seconds) => metrics.observeOperation(name, seconds),
  });
  await apollo.start();
  const [defaultDatastore] = datastoreIds;
  const server = await createHttpServer({
    apollo,
    authentication: createAuthentication({
      authenticate,
      anonymous: anonymousPrincipal(datastoreIds),
      log,
      metrics,
    }),
    createContext: createContextFactory(services),
    auditing,
    auditIsWritable: audit?.isWritable ?? (() => Promise.resolve(true)),
    lifecycle,
    metrics,
    log,
    upstreamAnswers: createUpstreamProbe({
      ...probe,
      read: (signal) => api.getDatastore(defaultDatastore, { signal }),
    }),
    requestDeadlineMs: config.http.requestDeadlineMs,
    corsOrigins: config.http.corsOrigins,
    trustedProxies: config.http.trustedProxies,
    compression: config.http.compression === 'on',
    explorePage: isOn(config, config.http.explorePage),
  });
  const release = async () => {
    await server.close();
    await apollo.stop();
    await audit?.close();
    rate.close();
    destroy();
  };
  try {
    await server.listen({ port: config.http.port, host: config.http.host });
  } catch (error) {
    await release();
    throw error;
  }
  lifecycle.ready();
  return {
    url: urlOf(config.http.host, server.server.address()),
    async close() {
      await lifecycle.drain(config.http.requestDeadlineMs);
      await release();
    },
  };
}

function connect(config: Config, { region, endpoint, embedded }: Upstream, metrics: Metrics) {
  const client = createClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(embedded && { anonymous: true }),
  });
  const api = withResilience(createSdkHealthImaging(client), {
    rates: callRatesOf(config, { embedded }),
    metrics,
  });
  return { api, destroy: () => client.destroy() };
}

function createServices(
  config: Config,
  { cursorKeys }: Upstream,
  {
    api,
    metrics,
    auditing,
  }: { readonly api: HealthImaging; readonly metrics: Metrics; readonly auditing: Auditing | undefined },
): Services {
  const { pageSize, pageCacheBytes, pageFreshMs, pageWalkMs } = config.upstream;
  return {
    api,
    pageSize,
    pageFreshMs,
    pageWalkMs,
    pages: createPageCache({
      maximumBytes: pageCacheBytes,
      maximumAgeMs: Math.max(pageFreshMs, pageWalkMs),
      fetch: (request, call) => api.searchImageSets(request, call),
      metrics,
    }),
    auditing,
    tokenLoops: createTokenLoops(),
    sealer: createCursorSealer({
      keys: config.upstream.cursorKeys ?? cursorKeys ?? [randomBytes(32)],
      now: Date.now,
      lifetimeMs: cursorLifetimeMs,
    }),
    countClientPage: () => metrics.countClientPage(),
  };
}

function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
