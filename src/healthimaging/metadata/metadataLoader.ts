import DataLoader from 'dataloader';

import type { DicomTags } from '../../search/imageSet.ts';
import type { ImageSetReference } from '../api.ts';
import type { MetadataPlace, MetadataShare } from './metadataRoom.ts';
import type { MetadataDocument } from './parseDocument.ts';

/** Metadata documents for one request: each is read once, unless there was no room to keep it. */
export interface MetadataLoader {
  /** The document, which is held until the request ends. */
  load(reference: ImageSetReference): Promise<MetadataDocument>;
  /** Its tags. The document is held only while nothing else needs the room. */
  tagsOf(reference: ImageSetReference): Promise<DicomTags>;
}

export interface MetadataLoaderOptions {
  readonly read: (
    reference: ImageSetReference,
    place: MetadataPlace | undefined,
  ) => Promise<MetadataDocument>;
  readonly keyOf: (reference: ImageSetReference) => string;
  readonly settleAll: (
    references: readonly ImageSetReference[],
    read: (reference: ImageSetReference) => Promise<MetadataDocument>,
  ) => Promise<(MetadataDocument | Error)[]>;
  /** Absent: documents are bounded one by one. */
  readonly share: MetadataShare | undefined;
}

export function createMetadataLoader(options: MetadataLoaderOptions): MetadataLoader {
  const { read, keyOf, settleAll, share } = options;
  const kept = new Set<string>();
  const readWithRoom = (reference: ImageSetReference) => {
    const key = keyOf(reference);
    return read(
      reference,
      share?.place({ isKept: () => kept.has(key), drop: () => documents.clear(reference) }),
    );
  };
  const documents = new DataLoader<ImageSetReference, MetadataDocument, string>(
    (references) => settleAll(references, readWithRoom),
    { cacheKeyFn: keyOf },
  );
  return {
    load(reference) {
      kept.add(keyOf(reference));
      return documents.load(reference);
    },
    tagsOf: async (reference) => (await documents.load(reference)).tags,
  };
}
