/**
 * What stands behind each object type of the schema: what resolvers return for it, and what its fields are read from.
 * `codegen.ts` maps the types of `generated.ts` to these. A type that is not here is read from an object of its own shape.
 */
import type { ImageSetProperties } from '../../healthimaging/api.ts';
import type { ImageSetRow } from '../../search/imageSet.ts';
import type { Connection, ImageSetConnection } from '../../search/paging/connection.ts';

export type ImageSetObject = ImageSetRow;

export type ImageSetConnectionObject = ImageSetConnection;

/** GetImageSet's properties, or those that ListImageSetVersions gives of each version. */
export type ImageSetPropertiesObject = ImageSetProperties;

export type ImageSetVersionConnectionObject = Connection<ImageSetPropertiesObject>;

/** A data store that the principal may ask; its properties are read only when a field of them is selected. */
export interface DatastoreObject {
  readonly datastoreId: string;
}

export interface PatientObject {
  /** Patient ID (0010,0020). */
  readonly id: string;
}

export interface ImagingStudyObject {
  /** Study Instance UID (0020,000D). */
  readonly instanceUid: string;
}

export interface ImagingSeriesObject {
  /** Series Instance UID (0020,000E). */
  readonly instanceUid: string;
}
