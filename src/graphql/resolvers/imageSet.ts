import { badUserInput } from '../../errors.ts';
import { operations, type ImageSetReference } from '../../healthimaging/api.ts';
import { isServiceIdentifier } from '../../identifiers.ts';
import type { DicomTags } from '../../search/imageSet.ts';
import { demand } from '../access/fieldPolicies.ts';
import { demandPatient, nullWhenNotFound, readableDatastore } from '../access/objectAccess.ts';
import type { RequestContext } from '../context.ts';
import type { ImageSetResolvers } from '../generated.ts';
import { WrittenJson } from '../writtenJson.ts';
import type { ImageSetObject } from '../types/objects.ts';
import type { Complete } from './complete.ts';
import { decodeGlobalId, demandOneObject, encodeGlobalId } from './globalId.ts';
import { versionConnection } from './versions.ts';

/** The largest Int of GraphQL. */
const largestVersion = 2 ** 31 - 1;

/** An image set by HealthImaging's identifiers; null when it does not exist or is not the principal's. */
export function readImageSet(
  context: RequestContext,
  datastoreId: string | null | undefined,
  imageSetId: string,
  version?: number | null,
): Promise<ImageSetObject | null> {
  if (typeof version === 'number' && (version < 1 || version > largestVersion)) {
    throw badUserInput('version', `a whole number from 1 to ${largestVersion}`);
  }
  demand('read', context);
  return nullWhenNotFound(async () => {
    const datastore = readableDatastore(context, datastoreId, {
      operation: operations.getImageSet,
      ...(isServiceIdentifier(imageSetId) && { imageSetId }),
    });
    if (!isServiceIdentifier(imageSetId)) return null;
    const newest = { datastoreId: datastore, imageSetId };
    return readVersion(
      context,
      typeof version === 'number' ? { ...newest, versionId: String(version) } : newest,
    );
  });
}

async function readVersion(context: RequestContext, reference: ImageSetReference): Promise<ImageSetObject> {
  const { datastoreId, imageSetId, versionId: pinnedVersionId } = reference;
  const [properties] = await Promise.all([
    context.loaders.imageSet.load(reference),
    // Versions may be of different patients, after a correction. If the newest is another patient's, the earlier
    // versions were attributed to the wrong one.
    demandPatient(context, reference),
    demandPatient(context, { datastoreId, imageSetId }, reference),
  ]);
  return {
    datastoreId,
    imageSetId,
    version: Number(properties.versionId),
    isPrimary: properties.isPrimary,
    storageTier: properties.storageTier,
    createdAt: properties.createdAt,
    updatedAt: properties.updatedAt,
    lastAccessedAt: properties.lastAccessedAt,
    dicomTags: undefined,
    ...(pinnedVersionId !== undefined && { pinnedVersionId }),
  };
}

function referenceTo({ datastoreId, imageSetId, pinnedVersionId }: ImageSetObject): ImageSetReference {
  return { datastoreId, imageSetId, ...(pinnedVersionId !== undefined && { versionId: pinnedVersionId }) };
}

/** The search's own, or those of the metadata document for an image set that was read by identifier. */
async function dicomTagsOf(row: ImageSetObject, { loaders }: RequestContext): Promise<DicomTags | null> {
  if (row.dicomTags !== undefined) return row.dicomTags;
  return loaders.metadata.tagsOf(referenceTo(row));
}

/** The object that a tag's text identifies; null where the tag is absent or empty. */
async function identifiedBy<Identified>(
  tag: 'patientId' | 'studyInstanceUid' | 'seriesInstanceUid',
  row: ImageSetObject,
  context: RequestContext,
  objectOf: (text: string) => Identified,
): Promise<Identified | null> {
  const text = (await dicomTagsOf(row, context))?.[tag] ?? '';
  return text === '' ? null : objectOf(text);
}

export const imageSet: Complete<ImageSetResolvers, ImageSetObject> = {
  __resolveReference(reference, context) {
    demandOneObject('ImageSet', reference);
    if (!('id' in reference)) return readImageSet(context, reference.datastoreId, reference.imageSetId);
    const id = decodeGlobalId(reference.id);
    return id?.type === 'ImageSet' ? readImageSet(context, id.datastoreId, id.imageSetId) : null;
  },
  id: ({ datastoreId, imageSetId }) => encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId }),
  dicomTags: (row, _args, context) => dicomTagsOf(row, context),
  // It exists, since it holds this image set; it is read only if a property of it is selected.
  datastore: ({ datastoreId }) => ({ datastoreId }),
  patient: (row, _args, context) => identifiedBy('patientId', row, context, (id) => ({ id })),
  study: (row, _args, context) =>
    identifiedBy('studyInstanceUid', row, context, (instanceUid) => ({ instanceUid })),
  series: (row, _args, context) =>
    identifiedBy('seriesInstanceUid', row, context, (instanceUid) => ({ instanceUid })),
  properties: (row, _args, { loaders }) => loaders.imageSet.load(referenceTo(row)),
  async metadata(row, _args, context) {
    const reference = referenceTo(row);
    // The search's page may be older than a correction of whose image set it is.
    await demandPatient(context, reference);
    const { text } = await context.loaders.metadata.load(reference);
    return new WrittenJson(text);
  },
  versions: (row, args, context) => versionConnection(context, row, args),
};
