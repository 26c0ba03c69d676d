import type { PageRequest, SearchCriteria, SearchSort } from '../search/filter/criteria.ts';
import type { ImageSetRow, StorageTier } from '../search/imageSet.ts';
import type { MetadataPlace } from './metadata/metadataRoom.ts';
import type { MetadataDocument } from './metadata/parseDocument.ts';

export type ImageSetState = 'ACTIVE' | 'LOCKED' | 'DELETED';

export type ImageSetWorkflowStatus =
  | 'CREATED'
  | 'COPIED'
  | 'COPYING'
  | 'COPYING_WITH_READ_ONLY_ACCESS'
  | 'COPY_FAILED'
  | 'UPDATING'
  | 'UPDATING_FOR_STUDY_CONSISTENCY'
  | 'UPDATED'
  | 'UPDATE_FAILED'
  | 'DELETING'
  | 'DELETED'
  | 'IMPORTING'
  | 'IMPORTED'
  | 'IMPORT_FAILED';

export type DatastoreStatus = 'CREATING' | 'CREATE_FAILED' | 'ACTIVE' | 'DELETING' | 'DELETED';

/** State and workflow of an image set (GetImageSet) or of one of its versions (ListImageSetVersions). */
export interface ImageSetProperties {
  readonly imageSetId: string;
  /** Digits. */
  readonly versionId: string;
  /** GetImageSet only. */
  readonly arn: string | null;
  readonly state: ImageSetState;
  readonly workflowStatus: ImageSetWorkflowStatus | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly deletedAt: string | null;
  readonly message: string | null;
  readonly isPrimary: boolean | null;
  /** GetImageSet only. */
  readonly storageTier: StorageTier | null;
  /** GetImageSet only. */
  readonly lastAccessedAt: string | null;
}

export interface DatastoreProperties {
  readonly datastoreId: string;
  readonly name: string;
  readonly status: DatastoreStatus;
  readonly arn: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** One response of SearchImageSets, checked for shape. */
export interface SearchPage {
  readonly rows: readonly ImageSetRow[];
  /** The order that HealthImaging says it used. */
  readonly sort: SearchSort | null;
  readonly nextToken: string | null;
  /**
   * The rows that HealthImaging was asked for, where that is not the request's `maxResults` because the next token could
   * only be used at the size of its own page. It is the `pageSizeOfToken` of the call that follows.
   */
  readonly maxResults?: number;
  /** The response as it came, which takes less memory than the rows; absent where only the page is known. */
  readonly unread?: UnreadPage;
}

/** A response from which its page can be read once more. */
export interface UnreadPage {
  readonly bytes: number;
  readonly read: () => SearchPage;
}

export interface SearchPageRequest extends PageRequest {
  readonly datastoreId: string;
  readonly criteria: SearchCriteria;
  /** The `maxResults` of the call that returned the next token; see calls/pageSizeOfToken.ts. */
  readonly pageSizeOfToken?: number;
}

export interface ImageSetReference {
  readonly datastoreId: string;
  readonly imageSetId: string;
  /** Digits; the newest version when left out. */
  readonly versionId?: string;
}

export interface VersionsRequest extends ImageSetReference, PageRequest {}

export interface VersionsPage {
  readonly versions: readonly ImageSetProperties[];
  readonly nextToken: string | null;
}

/** How far a call has come, for the callers that share it or give up on it. The call writes it. */
export interface CallProgress {
  /** When its turn comes, in milliseconds on the clock of `performance.now`; undefined while it does not wait. */
  turnAt?: number | undefined;
  /** When HealthImaging was last asked, in milliseconds on the clock of `performance.now`; undefined before that. */
  askedAt?: number | undefined;
}

export interface CallOptions {
  /** Aborted at the request's deadline, and when its client disconnects; its reason is a GatewayError that says which. */
  readonly signal: AbortSignal;
  /**
   * When the signal will be aborted, in milliseconds on the clock of `performance.now`: no wait beyond it is begun. A shared
   * call's deadline moves on when a caller joins that can wait longer, so read it each time.
   */
  readonly deadline?: number;
  readonly progress?: CallProgress;
  /**
   * That nobody waits for the call yet: it is refused with OVERLOADED wherever its rate token or its place might be needed for
   * another. Of a shared call, false once somebody has joined it, so read it each time.
   */
  readonly ahead?: boolean;
  /**
   * For whom the call is made: callers take turns where calls have to wait. Of a shared call, one of those who wait for it, so read
   * it each time. Absent for the gateway's own calls.
   */
  readonly caller?: string | undefined;
  /** Of the request that the call is made for, for the log; of a shared call, the one that began it. */
  readonly requestId?: string;
}

/** Of a call whose response may be large. */
export interface MetadataCallOptions extends CallOptions {
  /** The room that the document takes; absent: it is bounded by itself. */
  readonly place?: MetadataPlace;
}

/** The operations that the gateway calls, by HealthImaging's names for them: labels of metrics, keys of rates. */
export const operations = {
  searchImageSets: 'SearchImageSets',
  getImageSet: 'GetImageSet',
  getImageSetMetadata: 'GetImageSetMetadata',
  listImageSetVersions: 'ListImageSetVersions',
  getDatastore: 'GetDatastore',
} as const satisfies Record<keyof HealthImaging, string>;

export type Operation = (typeof operations)[keyof typeof operations];

/**
 * The port between the gateway and HealthImaging: the reads that the gateway needs. Every method rejects with a
 * GatewayError and nothing else, and resolves with a response whose shape has been checked.
 */
export interface HealthImaging {
  searchImageSets(request: SearchPageRequest, options: CallOptions): Promise<SearchPage>;
  getImageSet(request: ImageSetReference, options: CallOptions): Promise<ImageSetProperties>;
  getImageSetMetadata(request: ImageSetReference, options: MetadataCallOptions): Promise<MetadataDocument>;
  listImageSetVersions(request: VersionsRequest, options: CallOptions): Promise<VersionsPage>;
  getDatastore(datastoreId: string, options: CallOptions): Promise<DatastoreProperties>;
}
