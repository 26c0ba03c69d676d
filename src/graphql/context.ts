import type { Principal } from '../auth/principal.ts';
import type { CallOptions, HealthImaging } from '../healthimaging/api.ts';
import type { Loaders } from '../healthimaging/loaders.ts';
import type { PageCache } from '../healthimaging/pages/pageCache.ts';
import type { CursorSealer } from '../search/cursor/cursor.ts';
import type { Auditing } from '../audit/auditing.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { TokenLoops } from '../healthimaging/pages/tokenLoops.ts';

/** What all requests share. */
export interface Services {
  readonly api: HealthImaging;
  readonly pages: PageCache;
  readonly tokenLoops: TokenLoops;
  /** Undefined: nothing is recorded for audit. */
  readonly auditing: Auditing | undefined;
  readonly sealer: CursorSealer;
  /** Rows asked per upstream page. */
  readonly pageSize: number;
  /** How old a page may be for a window without `after`, in milliseconds. */
  readonly pageFreshMs: number;
  /** How old a page may be for a window with `after`, in milliseconds. */
  readonly pageWalkMs: number;
  readonly countClientPage: () => void;
}

export interface RequestContext {
  readonly requestId: string;
  /** How long upstream calls may take: until the request's deadline, or until its client leaves. */
  readonly call: CallOptions;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Who asks, and with what right. */
  readonly principal: Principal;
  /** The client's address. */
  readonly address: string;
  /** What this operation does with patients' data, for the audit events that are written before it is answered. */
  readonly audit: AuditRecorder | undefined;
}

export interface ContextRequest {
  readonly requestId: string;
  readonly principal: Principal;
  /** The client's address. */
  readonly address: string;
}
