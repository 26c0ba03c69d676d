import type { Log } from '../../log/log.ts';
import { openPageToken, sealPageToken, type PagePosition } from '../store/pageToken.ts';
import { findImageSet, type StoredImageSet } from '../store/imageSets.ts';
import { ServiceError } from '../serviceError.ts';
import type { Store } from '../store/store.ts';

export interface OperationContext {
  readonly store: Store;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A 200. */
export interface Answer {
  readonly body: string | Buffer;
  /** Default: application/json. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request whose input was held against the model. */
export type Operation<Input> = (context: OperationContext, input: Input) => Answer | Promise<Answer>;

export interface DatastoreInput {
  readonly datastoreId: string;
}

export interface ImageSetInput extends DatastoreInput {
  readonly imageSetId: string;
  /** Digits; the newest when absent. */
  readonly versionId?: string;
}

export interface PageInput {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Where a request does not say: the service documents none. Its greatest size is the fewest requests. */
export const defaultMaxResults = 50;

/** @throws {ServiceError} ResourceNotFoundException for any other data store than the one there is */
export function requireDatastore({ store }: OperationContext, { datastoreId }: DatastoreInput): void {
  if (datastoreId !== store.datastore.datastoreId) {
    throw new ServiceError('ResourceNotFoundException', 'Data store not found.');
  }
}

/** @throws {ServiceError} ResourceNotFoundException */
export function requireImageSet(context: OperationContext, input: ImageSetInput): StoredImageSet {
  requireDatastore(context, input);
  const imageSet = findImageSet(context.store, input.imageSetId);
  if (imageSet === undefined) throw new ServiceError('ResourceNotFoundException', 'Image set not found.');
  return imageSet;
}

/**
 * The version asked for, as a number.
 * @throws {ServiceError} ResourceNotFoundException
 */
export function requireVersion(imageSet: StoredImageSet, versionId: string | undefined): number {
  if (versionId === undefined) return imageSet.version;
  const version = Number(versionId);
  if (version >= 1 && version <= imageSet.version) return version;
  throw new ServiceError('ResourceNotFoundException', 'Image set version not found.');
}

/** @throws {ServiceError} ValidationException */
export function openToken(
  store: Store,
  purpose: string,
  token: string | undefined,
): PagePosition | undefined {
  if (token === undefined) return undefined;
  const position = openPageToken(store.datastore.tokenSecret, purpose, token);
  if (position === undefined) throw new ServiceError('ValidationException', 'Invalid nextToken');
  return position;
}

/** The nextToken member of an answer: none when there is nothing after it. */
export function nextToken(
  store: Store,
  purpose: string,
  end: PagePosition | undefined,
): { readonly nextToken?: string } {
  return end === undefined ? {} : { nextToken: sealPageToken(store.datastore.tokenSecret, purpose, end) };
}
