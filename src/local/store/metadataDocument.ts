import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { isPet, levelOfKeyword } from '../dicom/informationLevels.ts';
import { renewMetadata } from '../dicom/metadata.ts';
import type { StoredImageSet } from './imageSets.ts';
import type { Store } from './store.ts';

/** Attributes by DICOM keyword. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What the metadata document says of one instance, with the attributes of each level as the instance itself has them. */
export interface InstanceDocument {
  /** Absent in those that the first release wrote. */
  readonly form?: 2;
  readonly patient: Attributes;
  readonly study: Attributes;
  readonly series: Attributes;
  readonly instance: Attributes;
  /** Value representations of attributes without a keyword, by their tags. */
  readonly representations?: Readonly<Record<string, string>>;
  /** Digest of the file that it came from, in hexadecimal, where an update changed the document since. */
  readonly content?: string;
  readonly frameCount: number;
  /** Of native pixel data only. */
  readonly frameSizeInBytes?: number;
}

/** What tells an instance's content of a version from that of the file that it came from. */
export function digestOfEdit(content: string | undefined, version: number): Buffer {
  return hash('sha256', JSON.stringify([content, version]), 'buffer');
}

/** A file that claims more is listed without frames: no client could fetch so many one by one. */
const maximumFrames = 262_144;

export interface Instance {
  readonly sopInstanceUid: string;
  readonly digest: Uint8Array;
  readonly document: InstanceDocument;
}

/**
 * The metadata document of a version (AWS, "Understanding image sets"): attributes by keyword at the levels of patient, study,
 * series and instance. The upper levels are those of the first instance; where another disagrees, its own value stands with the
 * instance, null where it has none: nobody may see the value of another image. Checksums and pixel extrema are missing, since pixel data is not read.
 */
export function metadataDocument(
  store: Store,
  imageSet: StoredImageSet,
  version: number,
): Record<string, unknown> {
  const { datastoreId } = store.datastore;
  const instances = instancesOf(store, imageSet, version);
  const first = instances[0]?.document;
  return {
    SchemaVersion: '1.1',
    DatastoreID: datastoreId,
    ImageSetID: imageSet.imageSetId,
    Patient: { DICOM: first?.patient ?? {} },
    Study: {
      DICOM: first?.study ?? {},
      Series: Object.fromEntries([
        [
          imageSet.seriesInstanceUid,
          {
            DICOM: first?.series ?? {},
            Instances: Object.fromEntries(
              instances.map((instance) => [
                instance.sopInstanceUid,
                {
                  DICOM: { ...disagreeing(instance.document, first), ...instance.document.instance },
                  DICOMVRs: instance.document.representations ?? {},
                  ImageFrames: imageFrames(datastoreId, instance),
                },
              ]),
            ),
          },
        ],
      ]),
    },
  };
}

/** Of a version, in the order of import. */
export function instancesOf(store: Store, { seq }: StoredImageSet, version: number): Instance[] {
  return store
    .prepare(
      `SELECT sop_instance_uid, digest, document FROM instance
       WHERE image_set = ? AND since_version <= ? AND (until_version IS NULL OR until_version > ?) ORDER BY rowid`,
    )
    .all(seq, version, version)
    .map((row) => ({
      sopInstanceUid: String(row['sop_instance_uid']),
      digest: row['digest'] as Uint8Array,
      document: renewed(JSON.parse(String(row['document'])) as InstanceDocument),
    }));
}

function disagreeing(document: InstanceDocument, first: InstanceDocument | undefined): Attributes {
  if (first === undefined || document === first) return {};
  const differing = upperLevels.flatMap((level) => {
    const keywords = new Set([...Object.keys(document[level]), ...Object.keys(first[level])]);
    return Array.from(keywords, (keyword) => [keyword, document[level][keyword] ?? null] as const).filter(
      ([keyword, value]) => !isDeepStrictEqual(value, first[level][keyword] ?? null),
    );
  });
  return Object.fromEntries(differing);
}

const upperLevels = ['patient', 'study', 'series'] as const;

/** A document of the first release in today's form, as far as it can be: what it did not keep is not there. */
function renewed(document: InstanceDocument): InstanceDocument {
  if (document.form === 2) return document;
  const { SOPClassUID: sopClassUid } = document.instance;
  const ofPet = isPet({ sopClassUid, modality: document.series['Modality'] });
  const [series, moved] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const [keyword, value] of Object.entries(document.series))
    (levelOfKeyword(keyword, ofPet) === 'series' ? series : moved).set(keyword, value);
  return {
    ...document,
    patient: renewMetadata(document.patient),
    study: renewMetadata(document.study),
    series: renewMetadata(Object.fromEntries(series)),
    instance: renewMetadata({ ...document.instance, ...Object.fromEntries(moved) }),
  };
}

function imageFrames(
  datastoreId: string,
  { sopInstanceUid, digest, document }: Instance,
): Record<string, unknown>[] {
  const { frameCount, frameSizeInBytes } = document;
  const file = document.content ?? Buffer.from(digest).toString('hex');
  if (frameCount > maximumFrames) return [];
  const content = [datastoreId, sopInstanceUid, file];
  return Array.from({ length: frameCount }, (_, frame) => ({
    ID: hash('sha256', JSON.stringify([...content, frame])).slice(0, 32),
    ...(frameSizeInBytes !== undefined && { FrameSizeInBytes: frameSizeInBytes }),
  }));
}
