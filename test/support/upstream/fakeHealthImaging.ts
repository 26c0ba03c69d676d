import { GatewayError } from '../../../src/errors.ts';
import type {
  DatastoreProperties,
  HealthImaging,
  ImageSetProperties,
  ImageSetReference,
  SearchPage,
  SearchPageRequest,
} from '../../../src/healthimaging/api.ts';
import { parseDocument } from '../../../src/healthimaging/metadata/parseDocument.ts';
import type { ImageSetRow } from '../../../src/search/imageSet.ts';

export const datastoreId = 'd'.repeat(32);

/** A call, as it was made. */
export type Call =
  | ({ readonly operation: 'searchImageSets' } & SearchPageRequest)
  | ({
      readonly operation: 'getImageSet' | 'getImageSetMetadata' | 'listImageSetVersions';
    } & ImageSetReference)
  | { readonly operation: 'getDatastore'; readonly datastoreId: string };

export interface FakeContent {
  /** Returned in this order, whatever the criteria, in pages of the size that is asked for. */
  readonly rows?: readonly ImageSetRow[];
  /** Instead of rows: the pages as they are, whatever size is asked for; their tokens are made here. */
  readonly pages?: readonly (readonly ImageSetRow[])[];
  readonly imageSets?: readonly ImageSetProperties[];
  readonly metadata?: Readonly<Record<string, Record<string, unknown>>>;
  readonly datastores?: readonly DatastoreProperties[];
  /** Thrown by the call of that number, counted from 0. */
  readonly failures?: Readonly<Record<number, GatewayError>>;
}

/** A HealthImaging in memory for tests of what stands above it, and the record of its calls. */
export function fakeHealthImaging(content: FakeContent): [api: HealthImaging, calls: Call[]] {
  const { imageSets = [], metadata = {}, datastores = [], failures = {} } = content;
  const calls: Call[] = [];
  const answer = <Value>(call: Call, value: () => Value | undefined): Promise<Value> => {
    const failure = failures[calls.length];
    calls.push(call);
    const found = failure === undefined ? value() : undefined;
    return found === undefined
      ? Promise.reject(failure ?? new GatewayError('NOT_FOUND'))
      : Promise.resolve(found);
  };
  const versionsOf = (imageSetId: string) => imageSets.filter((each) => each.imageSetId === imageSetId);
  const api: HealthImaging = {
    searchImageSets: (request) =>
      answer({ operation: 'searchImageSets', ...request }, () => page(content, request)),
    getImageSet: (reference) =>
      answer({ operation: 'getImageSet', ...reference }, () =>
        versionsOf(reference.imageSetId).find(
          ({ versionId }) => versionId === (reference.versionId ?? versionId),
        ),
      ),
    getImageSetMetadata: (reference) =>
      answer({ operation: 'getImageSetMetadata', ...reference }, () => {
        const document = metadata[reference.imageSetId];
        return document && parseDocument(Buffer.from(JSON.stringify(document)));
      }),
    listImageSetVersions: (request) =>
      answer({ operation: 'listImageSetVersions', ...request }, () => {
        const from = request.nextToken === undefined ? 0 : Number(request.nextToken);
        const to = from + request.maxResults;
        const versions = versionsOf(request.imageSetId);
        return { versions: versions.slice(from, to), nextToken: to < versions.length ? String(to) : null };
      }),
    getDatastore: (id) =>
      answer({ operation: 'getDatastore', datastoreId: id }, () =>
        datastores.find((each) => each.datastoreId === id),
      ),
  };
  return [api, calls];
}

function page({ pages, rows = [] }: FakeContent, request: SearchPageRequest): SearchPage {
  const from = request.nextToken === undefined ? 0 : Number(request.nextToken);
  const to = pages === undefined ? from + request.maxResults : from + 1;
  const end = (pages ?? rows).length;
  return {
    rows: pages === undefined ? rows.slice(from, to) : (pages[from] ?? []),
    sort: { sortField: 'updatedAt', sortOrder: 'DESC' },
    nextToken: to < end ? String(to) : null,
  };
}

/** An image set by its number; what is not named is null. */
export function fakeRow(number: number, members: Partial<ImageSetRow> = {}): ImageSetRow {
  return {
    datastoreId,
    imageSetId: String(number).padStart(32, '0'),
    version: 1,
    isPrimary: true,
    storageTier: 'FREQUENT_ACCESS',
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-02T00:00:00.000Z',
    lastAccessedAt: null,
    dicomTags: null,
    ...members,
  };
}
