/** What a global identifier names, in HealthImaging's own identifiers. */
export type GlobalId =
  | { readonly type: 'ImageSet'; readonly datastoreId: string; readonly imageSetId: string }
  | { readonly type: 'Datastore'; readonly datastoreId: string };

const pattern = /^(?:ImageSet:([0-9a-z]{32}):([0-9a-z]{32})|Datastore:([0-9a-z]{32}))$/;

/** Opaque to clients; the inverse of `decodeGlobalId`. */
export function encodeGlobalId(id: GlobalId): string {
  const parts = id.type === 'ImageSet' ? [id.type, id.datastoreId, id.imageSetId] : [id.type, id.datastoreId];
  return Buffer.from(parts.join(':'), 'latin1').toString('base64url');
}

/** Undefined for anything that `encodeGlobalId` did not make: such an object does not exist. */
export function decodeGlobalId(text: unknown): GlobalId | undefined {
  // Representations of other subgraphs hold any JSON.
  if (typeof text !== 'string') return undefined;
  const match = pattern.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match === null) return undefined;
  const [, imageSetStore, imageSetId, datastoreId] = match;
  const id: GlobalId | undefined =
    imageSetStore !== undefined && imageSetId !== undefined
      ? { type: 'ImageSet', datastoreId: imageSetStore, imageSetId }
      : datastoreId !== undefined
        ? { type: 'Datastore', datastoreId }
        : undefined;
  // base64 decoders are forgiving; an identifier has one spelling only, or caches would hold one object twice.
  return id !== undefined && encodeGlobalId(id) === text ? id : undefined;
}

const serviceId = /^[0-9a-z]{32}$/;

/** Whether HealthImaging could have given out this identifier (shapes DatastoreId and ImageSetId). */
export function isServiceId(text: unknown): text is string {
  return typeof text === 'string' && serviceId.test(text);
}
