import { GatewayError, type ErrorCode } from '../errors.ts';
import { operations, type HealthImaging, type ImageSetReference } from '../healthimaging/api.ts';
import type { SearchCriteria, SearchFilter } from '../search/filter/criteria.ts';
import {
  auditedArguments,
  auditedConditions,
  namedConditions,
  type SearchArguments,
} from './auditedSearch.ts';
import type { AuditedAction, AuditedReads, AuditedSearch, AuditOutcome } from './auditEvent.ts';
import type { KeyedHash } from './keyedHash.ts';

/** Records one search while it runs. */
export interface SearchRecord {
  /** The principal may search the data store, and the filter has been read. */
  understood(datastoreId: string, criteria: SearchCriteria): void;
  found(rows: readonly { readonly imageSetId: string }[]): void;
  failed(error: unknown): void;
}

/** Records what one GraphQL operation does with patients' data. Nothing is written before the operation ends. */
export interface AuditRecorder {
  /** @param own the condition that the searched object is itself, such as a patient's identifier */
  beginSearch(args: SearchArguments, own: SearchFilter | undefined): SearchRecord;
  /** Records every read by identifier, so that no new field of the schema can be left out. */
  watch(api: HealthImaging): HealthImaging;
  /** The image set was read, but is withheld: it belongs to another patient than the principal's. */
  denied(reference: ImageSetReference): void;
  /** A read in a data store that the principal may not use: HealthImaging was not asked. */
  deniedDatastore(operation: string, datastoreId: string | null | undefined, imageSetId?: string): void;
  actions(): AuditedAction[];
}

/** Codes that refuse the client rather than report a failure. */
const deniedCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'OPERATION_LIMIT_EXCEEDED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
  'QUERY_NOT_IN_SAFELIST',
]);

export function isDenial(code: ErrorCode): boolean {
  return deniedCodes.has(code);
}

export interface RecorderOptions {
  /** The configured data stores. Any other is a value of the request, and is not recorded. */
  readonly datastoreIds: readonly string[];
  readonly hash: KeyedHash | undefined;
}

interface Read {
  readonly operation: string;
  readonly datastoreId: string | undefined;
  readonly imageSetId: string | undefined;
  /** The version requested; undefined for the newest, and for reads that have no version. */
  readonly versionId?: string | undefined;
  outcome: AuditOutcome;
}

/** Of a read that has not ended when the response is sent, which did not wait for it. */
const unfinished: AuditOutcome = { kind: 'failed', code: 'REQUEST_CANCELLED' };
const success: AuditOutcome = { kind: 'success' };

export function createAuditRecorder({ datastoreIds, hash }: RecorderOptions): AuditRecorder {
  const searches: AuditedSearch[] = [];
  const reads: Read[] = [];
  const deniedImageSets = new Set<string>();
  const configured = (id: string | null | undefined) =>
    typeof id === 'string' && datastoreIds.includes(id) ? id : undefined;

  async function record<Value>(read: Omit<Read, 'outcome'>, work: () => Promise<Value>): Promise<Value> {
    const kept: Read = { ...read, outcome: unfinished };
    reads.push(kept);
    try {
      const value = await work();
      kept.outcome = success;
      return value;
    } catch (error) {
      kept.outcome = outcomeOf(error);
      throw error;
    }
  }

  return {
    /** @param own the condition that the searched object is itself, such as a patient's identifier */
    beginSearch(args, own) {
      const place = searches.length;
      let search: AuditedSearch = {
        kind: 'search',
        datastoreId: configured(args.datastoreId),
        conditions: namedConditions(args.filter, own),
        ...auditedArguments(args),
        imageSetIds: [],
        outcome: unfinished,
      };
      let mayAsk = false;
      const keep = (change: Partial<AuditedSearch>): void => {
        search = { ...search, ...change };
        searches[place] = search;
      };
      keep({});
      return {
        understood(datastoreId, criteria) {
          mayAsk = true;
          keep({ datastoreId, conditions: auditedConditions(criteria, hash) });
        },
        found: (rows) => keep({ imageSetIds: rows.map(({ imageSetId }) => imageSetId), outcome: success }),
        failed: (error) => keep({ outcome: mayAsk ? outcomeOf(error) : refusalOf(error) }),
      };
    },
    watch(api) {
      const ofImageSet = (operation: string, { datastoreId, imageSetId, versionId }: ImageSetReference) => ({
        operation,
        datastoreId,
        imageSetId,
        versionId,
      });
      const { getImageSet, getImageSetMetadata, listImageSetVersions, getDatastore } = operations;
      return {
        searchImageSets: (request, call) => api.searchImageSets(request, call),
        getImageSet: (reference, call) =>
          record(ofImageSet(getImageSet, reference), () => api.getImageSet(reference, call)),
        getImageSetMetadata: (reference, call) =>
          record(ofImageSet(getImageSetMetadata, reference), () => api.getImageSetMetadata(reference, call)),
        listImageSetVersions: (request, call) =>
          record(ofImageSet(listImageSetVersions, request), () => api.listImageSetVersions(request, call)),
        getDatastore: (datastoreId, call) =>
          record({ operation: getDatastore, datastoreId, imageSetId: undefined }, () =>
            api.getDatastore(datastoreId, call),
          ),
      };
    },
    denied: (reference) => void deniedImageSets.add(placeOf(reference)),
    deniedDatastore: (operation, datastoreId, imageSetId) =>
      void reads.push({
        operation,
        datastoreId: configured(datastoreId),
        imageSetId,
        outcome: { kind: 'denied', code: 'NOT_FOUND' },
      }),
    actions: () => [...searches, ...groupReads(reads, deniedImageSets)],
  };
}

function outcomeOf(error: unknown): AuditOutcome {
  const code = error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR';
  return { kind: isDenial(code) ? 'denied' : 'failed', code };
}

/** NOT_FOUND before the search is a data store that the principal may not use. */
function refusalOf(error: unknown): AuditOutcome {
  const outcome = outcomeOf(error);
  return outcome.kind === 'failed' && outcome.code === 'NOT_FOUND' ? { ...outcome, kind: 'denied' } : outcome;
}

/** With the version: after a correction, versions of one image set can belong to different patients. */
function placeOf({ datastoreId, imageSetId, versionId }: Partial<ImageSetReference> | Read): string {
  return JSON.stringify([datastoreId, imageSetId, versionId]);
}

/**
 * One event for the reads of an operation in a data store with the same outcome: fifty metadata documents are one
 * disclosure, for one purpose. What was disclosed and what was withheld never share an event.
 */
function groupReads(reads: readonly Read[], deniedImageSets: ReadonlySet<string>): AuditedReads[] {
  const groups = new Map<
    string,
    { readonly first: Read; readonly outcome: AuditOutcome; readonly ids: Map<string, Set<string>> }
  >();
  for (const read of reads) {
    const outcome: AuditOutcome = deniedImageSets.has(placeOf(read))
      ? { kind: 'denied', code: 'NOT_FOUND' }
      : read.outcome;
    const key = JSON.stringify([read.datastoreId, outcome]);
    const group = groups.get(key) ?? { first: read, outcome, ids: new Map<string, Set<string>>() };
    groups.set(key, group);
    const ids = group.ids.get(read.operation) ?? new Set<string>();
    group.ids.set(read.operation, ids);
    if (read.imageSetId !== undefined) ids.add(read.imageSetId);
  }
  return [...groups.values()].map(({ first, outcome, ids }) => ({
    kind: 'read',
    datastoreId: first.datastoreId,
    reads: [...ids].map(([operation, imageSetIds]) => ({ operation, imageSetIds: [...imageSetIds] })),
    outcome,
  }));
}
