import { badUserInput } from '../../errors.ts';
import { isServiceIdentifier } from '../../identifiers.ts';

/** The object that a global identifier names, in HealthImaging's own identifiers. */
export type GlobalId =
  | { readonly type: 'ImageSet'; readonly datastoreId: string; readonly imageSetId: string }
  | { readonly type: 'Datastore'; readonly datastoreId: string };

/** Opaque to clients; the inverse of `decodeGlobalId`. */
export function encodeGlobalId(id: GlobalId): string {
  const parts = id.type === 'ImageSet' ? [id.type, id.datastoreId, id.imageSetId] : [id.type, id.datastoreId];
  return Buffer.from(parts.join(':'), 'latin1').toString('base64url');
}

/** Undefined for anything that `encodeGlobalId` did not make: no such object exists. */
export function decodeGlobalId(text: unknown): GlobalId | undefined {
  // In an entity representation it may be any JSON.
  if (typeof text !== 'string') return undefined;
  const [type, ...parts] = Buffer.from(text, 'base64url').toString('latin1').split(':');
  const id = globalIdOf(type, parts);
  // Decoders of base64 tolerate other spellings of the same bytes. With more than one, caches would hold an object twice.
  return id !== undefined && encodeGlobalId(id) === text ? id : undefined;
}

/** The keys of a representation: `id`, HealthImaging's own identifiers, or both, of which one is whole. */
export interface RepresentationKeys {
  readonly id?: string;
  readonly datastoreId?: string;
  readonly imageSetId?: string;
}

/** @throws {GatewayError} BAD_USER_INPUT where the keys of a representation name different objects */
export function demandOneObject(
  type: GlobalId['type'],
  { id, datastoreId, imageSetId }: RepresentationKeys,
): void {
  if (id === undefined || (datastoreId === undefined && imageSetId === undefined)) return;
  const named = decodeGlobalId(id);
  const isOne =
    named?.type === type &&
    (datastoreId ?? named.datastoreId) === named.datastoreId &&
    (imageSetId === undefined || (named.type === 'ImageSet' && imageSetId === named.imageSetId));
  if (!isOne) throw badUserInput('representations', 'keys that name one object');
}

function globalIdOf(
  type: string | undefined,
  [datastoreId, imageSetId]: readonly string[],
): GlobalId | undefined {
  if (!isServiceIdentifier(datastoreId)) return undefined;
  if (type === 'Datastore') return { type, datastoreId };
  return type === 'ImageSet' && isServiceIdentifier(imageSetId)
    ? { type, datastoreId, imageSetId }
    : undefined;
}
