import { randomBytes } from 'node:crypto';

import type { Auditing } from '../audit/auditing.ts';
import type { Config } from '../config/config.ts';
import type { HealthImaging } from '../healthimaging/api.ts';
import { createPageCache, type PageMetrics } from '../healthimaging/pages/pageCache.ts';
import { createTokenLoops } from '../healthimaging/pages/tokenLoops.ts';
import { createMetadataRoom } from '../healthimaging/metadata/metadataRoom.ts';
import { createCursorSealer } from '../search/cursor/cursor.ts';
import { createBoundTrials } from '../search/paging/boundTrials.ts';
import type { Services } from './context.ts';

export interface ServicesDependencies {
  readonly api: HealthImaging;
  readonly auditing: Auditing | undefined;
  readonly metrics: PageMetrics & { countClientPage(): void };
  /** For an upstream that has keys of its own where none are set. */
  readonly cursorKeys: readonly Buffer[] | undefined;
}

/** What all requests of a gateway share. */
export function createServices(
  upstream: Config['upstream'],
  { api, auditing, metrics, cursorKeys: ownKeys }: ServicesDependencies,
): Services {
  const { pageSize, pageCacheBytes, pageFreshMs, pageWalkMs, cursorKeys } = upstream;
  return {
    api,
    auditing,
    pageSize,
    pageFreshMs,
    pageWalkMs,
    pages: createPageCache({
      maximumBytes: pageCacheBytes,
      maximumAgeMs: Math.max(pageFreshMs, pageWalkMs),
      fetch: (request, call) => api.searchImageSets(request, call),
      metrics,
    }),
    tokenLoops: createTokenLoops(),
    metadataRoom: createMetadataRoom({
      requestBytes: upstream.metadataRequestBytes,
      processBytes: upstream.metadataProcessBytes,
    }),
    sealer: createCursorSealer({
      keys: cursorKeys ?? ownKeys ?? [randomBytes(32)],
      now: Date.now,
    }),
    boundTrials: createBoundTrials(),
    countClientPage: () => metrics.countClientPage(),
  };
}
