import type { Principal } from '../auth/principal.ts';
import type { CursorSealer } from '../search/cursor/cursor.ts';
import type { CallOptions, HealthImaging } from '../healthimaging/api.ts';
import type { Loaders } from '../healthimaging/loaders.ts';
import type { PageCache } from '../healthimaging/pages/pageCache.ts';
import type { TokenLoops } from '../healthimaging/pages/tokenLoops.ts';
import type { MetadataRoom } from '../healthimaging/metadata/metadataRoom.ts';
import type { BoundTrials } from '../search/paging/boundTrials.ts';
import type { SearchCriteria } from '../search/filter/criteria.ts';
import type { Auditing } from '../audit/auditing.ts';
import type { AuditRecorder } from '../audit/recorder.ts';

/** What all requests of a gateway share. */
export interface Services {
  readonly api: HealthImaging;
  readonly pages: PageCache;
  readonly tokenLoops: TokenLoops;
  readonly metadataRoom: MetadataRoom;
  /** Undefined: no audit events are recorded. */
  readonly auditing: Auditing | undefined;
  readonly sealer: CursorSealer;
  /** What was found out about bounding searches of the kind. */
  readonly boundTrials: (criteria: SearchCriteria) => BoundTrials;
  /** Rows of an upstream page, 1 to 50. */
  readonly pageSize: number;
  /** How old a page may be for a window without `after`, in milliseconds. */
  readonly pageFreshMs: number;
  /** How old a page may be for a window with `after`, in milliseconds. */
  readonly pageWalkMs: number;
  readonly countClientPage: () => void;
}

export interface RequestContext {
  readonly requestId: string;
  /** For calls upstream: they end at the request's deadline, or when its client disconnects. */
  readonly call: CallOptions;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Who sent the request, and what its access token grants. */
  readonly principal: Principal;
  /** The client's address. */
  readonly address: string;
  /** Calls that when the answer has been sent; not at all where nobody is told of that. */
  readonly whenAnswered: (work: () => void) => void;
  /** For each search, what it cost less than planned since it made no call of its own; asked when the response is sent. */
  readonly spared: (() => number)[];
  /** Records what the operation reads, for the audit events that are written before its response is sent. */
  readonly audit: AuditRecorder | undefined;
}

export interface ContextRequest {
  readonly requestId: string;
  readonly principal: Principal;
  /** The client's address. */
  readonly address: string;
}
