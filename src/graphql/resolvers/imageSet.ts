import { badUserInput, GatewayError } from '../../errors.ts';
import { operations, type ImageSetReference } from '../../healthimaging/api.ts';
import { tagsOfMetadata } from '../../healthimaging/responses/metadataTags.ts';
import type { DicomTags, ImageSetRow } from '../../search/imageSet.ts';
import { nullWhenNotFound, readableDatastore, type RequestContext } from '../context.ts';
import type { ImageSetResolvers } from '../generated.ts';
import { decodeGlobalId, encodeGlobalId, isServiceId } from './globalId.ts';
import { demand } from '../access/fieldPolicies.ts';
import { versionConnection } from './versions.ts';
import type { Complete } from './complete.ts';

const largestVersion = 2 ** 31 - 1;

/** One image set by HealthImaging's identifiers; null when it is not there or not allowed. */
export function readImageSet(
  context: RequestContext,
  datastoreId: string | null | undefined,
  imageSetId: string,
  version?: number | null,
): Promise<ImageSetRow | null> {
  if (version !== undefined && version !== null && (version < 1 || version > largestVersion)) {
    throw badUserInput('version', `a whole number from 1 to ${largestVersion}`);
  }
  demand('read', context);
  return nullWhenNotFound(async () => {
    const datastore = readableDatastore(context, datastoreId, {
      operation: operations.getImageSet,
      ...(isServiceId(imageSetId) && { imageSetId }),
    });
    if (!isServiceId(imageSetId)) return null;
    const pinned = typeof version === 'number' ? { versionId: String(version) } : {};
    const reference = { datastoreId: datastore, imageSetId, ...pinned };
    const [properties] = await Promise.all([
      context.loaders.imageSet.load(reference),
      // An earlier version may be of another patient, and so may the newest: then the earlier was a mistake.
      checkPatient(context, reference),
      checkPatient(context, { datastoreId: datastore, imageSetId }, reference),
    ]);
    return {
      datastoreId: datastore,
      imageSetId,
      version: Number(properties.versionId),
      isPrimary: properties.isPrimary,
      storageTier: properties.storageTier,
      createdAt: properties.createdAt,
      updatedAt: properties.updatedAt,
      lastAccessedAt: properties.lastAccessedAt,
      dicomTags: undefined,
      ...('versionId' in pinned && { pinnedVersionId: pinned.versionId }),
    };
  });
}

/**
 * Whose image set it is stands in its metadata document only.
 * @param asked what is not given out then either
 * @throws {GatewayError} NOT_FOUND when that is not the patient whom the principal is confined to
 */
async function checkPatient(
  { principal, loaders, audit }: RequestContext,
  reference: ImageSetReference,
  asked = reference,
): Promise<void> {
  const { patientId } = principal.grant;
  if (patientId === undefined) return;
  const tags = tagsOfMetadata(await loaders.metadata.load(reference));
  if (tags.patientId !== patientId) {
    audit?.denied(reference);
    audit?.denied(asked);
    throw new GatewayError('NOT_FOUND');
  }
}

function referenceTo({ datastoreId, imageSetId, pinnedVersionId }: ImageSetRow): ImageSetReference {
  return { datastoreId, imageSetId, ...(pinnedVersionId !== undefined && { versionId: pinnedVersionId }) };
}

/** As the search gave them; for an image set that was reached by id, from its metadata document. */
async function dicomTagsOf(row: ImageSetRow, { loaders }: RequestContext): Promise<DicomTags | null> {
  if (row.dicomTags !== undefined) return row.dicomTags;
  return tagsOfMetadata(await loaders.metadata.load(referenceTo(row)));
}

/** What joins on a tag's text: null without it, since an empty identifier names nothing. */
async function joinedOn<Reference>(
  row: ImageSetRow,
  context: RequestContext,
  tag: 'patientId' | 'studyInstanceUid' | 'seriesInstanceUid',
  reference: (text: string) => Reference,
): Promise<Reference | null> {
  const text = (await dicomTagsOf(row, context))?.[tag] ?? '';
  return text === '' ? null : reference(text);
}

export const imageSet: Complete<ImageSetResolvers, ImageSetRow> = {
  __resolveReference(reference, context) {
    if (!('id' in reference)) return readImageSet(context, reference.datastoreId, reference.imageSetId);
    const id = decodeGlobalId(reference.id);
    return id?.type === 'ImageSet' ? readImageSet(context, id.datastoreId, id.imageSetId) : null;
  },
  id: ({ datastoreId, imageSetId }) => encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId }),
  dicomTags: (row, _args, context) => dicomTagsOf(row, context),
  // It is there, since it holds this image set: what is selected of it decides whether it is read.
  datastore: ({ datastoreId }) => ({ datastoreId }),
  patient: (row, _args, context) => joinedOn(row, context, 'patientId', (id) => ({ id })),
  study: (row, _args, context) =>
    joinedOn(row, context, 'studyInstanceUid', (instanceUid) => ({ instanceUid })),
  series: (row, _args, context) =>
    joinedOn(row, context, 'seriesInstanceUid', (instanceUid) => ({ instanceUid })),
  properties: (row, _args, { loaders }) => loaders.imageSet.load(referenceTo(row)),
  async metadata(row, _args, context) {
    const reference = referenceTo(row);
    // A page of a search may be older than a correction of whose image set it is.
    await checkPatient(context, reference);
    return context.loaders.metadata.load(reference);
  },
  versions: (row, args, context) => versionConnection(context, row, args),
};
