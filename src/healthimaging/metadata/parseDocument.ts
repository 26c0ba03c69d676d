import { isUtf8 } from 'node:buffer';

import type { DicomTags } from '../../search/imageSet.ts';
import { ResponseFault, isJson } from '../responses/readMember.ts';
import { tagsOfMetadata } from './metadataTags.ts';

/**
 * An image set's metadata document. It is kept and sent as HealthImaging wrote it, as text, which takes less memory than its
 * values.
 */
export interface MetadataDocument {
  /** JSON text of an object, in UTF-8. */
  readonly text: Uint8Array;
  readonly tags: DicomTags;
}

/**
 * Checks that bytes are JSON text of an object, and reads its tags.
 * @throws {ResponseFault} where they are not
 */
export function parseDocument(bytes: Uint8Array): MetadataDocument {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const document = parse(text);
  if (!isJson(document)) throw new ResponseFault('imageSetMetadataBlob', 'a JSON object');
  return { text: isUtf8(bytes) ? bytes : Buffer.from(text), tags: tagsOfMetadata(document) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message may quote the text.
    return undefined;
  }
}
