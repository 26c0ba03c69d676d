import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { noteAccess } from '../store/imageSets.ts';
import { metadataDocument } from '../store/metadataDocument.ts';
import {
  requireImageSet,
  requireVersion,
  type ImageSetInput,
  type Operation,
  type OperationContext,
} from './operation.ts';

const compress = promisify(gzip);
/** The time of an access is not worth waiting for an import in another process. */
const accessTimeoutMs = 100;

export const getImageSetMetadata: Operation<ImageSetInput> = async (context, input) => {
  const imageSet = requireImageSet(context, input);
  const version = requireVersion(imageSet, input.versionId);
  const document = metadataDocument(context.store, imageSet, version);
  tryToNoteAccess(context, imageSet.imageSetId);
  return {
    body: await compress(JSON.stringify(document)),
    // What the service answers with, though its model says text/plain.
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  };
};

function tryToNoteAccess({ store, now, log }: OperationContext, imageSetId: string): void {
  try {
    store.impatiently(accessTimeoutMs, () => store.transaction(() => noteAccess(store, imageSetId, now())));
  } catch (error) {
    log.debug({ error }, 'the time of an access was not kept');
  }
}
