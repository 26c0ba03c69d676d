import DataLoader from 'dataloader';

import type { DicomTags } from '../search/imageSet.ts';
import type { ImageSetReference } from './api.ts';
import type { MetadataPlace, MetadataShare } from './responses/metadataRoom.ts';
import { tagsOfMetadata } from './responses/metadataTags.ts';

type Document = Record<string, unknown>;

/** Metadata documents for one request: each is read once, unless there was no room to keep it. */
export interface MetadataLoader {
  /** The document, which is held until the request ends. */
  load(reference: ImageSetReference): Promise<Document>;
  /** Its tags. The document is held only while nothing else needs the room. */
  tagsOf(reference: ImageSetReference): Promise<DicomTags>;
}

export interface MetadataLoaderOptions {
  readonly read: (reference: ImageSetReference, place: MetadataPlace | undefined) => Promise<Document>;
  readonly keyOf: (reference: ImageSetReference) => string;
  readonly settleAll: (
    references: readonly ImageSetReference[],
    read: (reference: ImageSetReference) => Promise<Document>,
  ) => Promise<(Document | Error)[]>;
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
  const documents = new DataLoader<ImageSetReference, Document, string>(
    (references) => settleAll(references, readWithRoom),
    { cacheKeyFn: keyOf },
  );
  return {
    load(reference) {
      kept.add(keyOf(reference));
      return documents.load(reference);
    },
    tagsOf: async (reference) => tagsOfMetadata(await documents.load(reference)),
  };
}
