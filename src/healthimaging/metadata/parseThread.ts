import { parentPort } from 'node:worker_threads';

import { ResponseFault } from '../responses/readMember.ts';
import { parseDocument, type MetadataDocument } from './parseDocument.ts';

/** What the thread says of the bytes that it was sent: undefined where they are no document. */
export type Parsed = MetadataDocument | undefined;

parentPort?.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
  const parsed = parseOrNothing(bytes);
  parentPort?.postMessage(parsed, parsed === undefined ? [] : [parsed.text.buffer as ArrayBuffer]);
});

function parseOrNothing(bytes: Uint8Array): Parsed {
  try {
    return parseDocument(bytes);
  } catch (error) {
    if (error instanceof ResponseFault) return undefined;
    throw error;
  }
}
