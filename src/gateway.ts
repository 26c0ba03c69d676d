import { openAudit } from './audit/openAudit.ts';
import { createIssuerAuthentication } from './auth/issuerAuthentication.ts';
import { callRatesOf } from './config/callRates.ts';
import { isOn, type Config } from './config/config.ts';
import { defaultCostPerMinute } from './config/limits.ts';
import { createApollo } from './graphql/apollo.ts';
import { createContextFactory } from './graphql/createContext.ts';
import { createLimiting } from './graphql/limits/limiting.ts';
import { createSafelist } from './graphql/safelist/safelist.ts';
import { buildSchema } from './graphql/schema.ts';
import { createServices } from './graphql/services.ts';
import type { HealthImaging } from './healthimaging/api.ts';
import { connectHealthImaging } from './healthimaging/connect.ts';
import type { Log } from './log/log.ts';
import { createCostRate } from './server/costRate.ts';
import { createMetrics } from './server/metrics.ts';
import { createServer } from './server/server.ts';

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
  /** Called with HealthImaging before the gateway listens; what it throws ends the start. */
  readonly beforeListening?: (api: Pick<HealthImaging, 'getDatastore'>) => Promise<void>;
  /** Whether plain searches are answered without graphql-js, which answers alike and is slower; left out: they are. */
  readonly projection?: boolean;
  /** Milliseconds since 1970, for the times of tokens and keys; left out: the machine's clock. */
  readonly now?: () => number;
}

/**
 * Starts a gateway; resolves when it listens.
 * @throws {ConfigError} for a file of the settings that cannot be used, or the system's error where it cannot listen
 */
export async function createGateway({
  config,
  upstream,
  log,
  beforeListening,
  projection = true,
  now = Date.now,
}: GatewayOptions): Promise<Gateway> {
  const { auth, http, limits } = config;
  const { datastoreIds, cursorKeys } = upstream;
  const metrics = createMetrics();
  const schema = buildSchema({ scopeDirectives: auth.directives === 'on' });
  const safelist = await createSafelist(config.safelist, schema, { limits, log, metrics });
  const authenticate = createIssuerAuthentication(auth, { datastoreIds, log, metrics, now });
  const isAuthenticated = authenticate !== undefined;
  const audit = await openAudit(config.audit, { isAuthenticated, datastoreIds, log, metrics });
  const auditing = audit?.auditing;
  const rates = callRatesOf(config, upstream);
  const healthImaging = connectHealthImaging({ ...upstream, rates, metrics, log });
  const { api } = healthImaging;
  const { pageCacheBytes } = config.upstream;
  // A quarter of what is kept may be answers, written: they are larger than the rows of their pages.
  const answerBytes = projection ? Math.floor(pageCacheBytes / 4) : 0;
  const services = createServices(
    { ...config.upstream, pageCacheBytes: pageCacheBytes - answerBytes },
    { api, auditing, metrics, cursorKeys },
  );
  const perMinute = limits.costPerMinute ?? defaultCostPerMinute(rates.SearchImageSets.perSecond);
  const rate = await createCostRate({ perMinute, redisUrl: limits.redisUrl, log });
  const apollo = createApollo({
    schema,
    limiting: createLimiting(schema, limits, { rate, log, metrics }),
    safelist,
    projection: projection ? { answerBytes } : undefined,
    introspection: isOn(config, http.introspection),
    auditing,
    countError: (code) => metrics.countError(code),
    log,
    observeOperation: (name, seconds) => metrics.observeOperation(name, seconds),
  });
  await apollo.start();
  const server = await createServer(http, {
    apollo,
    createContext: createContextFactory(services),
    authenticate,
    audit,
    api,
    datastoreIds,
    metrics,
    log,
    explorePage: isOn(config, http.explorePage),
  });
  const release = async () => {
    await server.close();
    await apollo.stop();
    await audit?.close();
    rate.close();
    healthImaging.close();
  };
  try {
    await beforeListening?.(api);
    const url = await server.listen();
    return {
      url,
      async close() {
        await server.drain();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
