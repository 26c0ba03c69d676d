import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type {
  GetImageSetMetadataRequest,
  GetImageSetMetadataResponse,
} from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { recordAccess } from '../../store/imageSets.ts';
import { metadataDocument } from '../../store/metadataDocument.ts';
import type { Store } from '../../store/store.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { requireImageSet, requireVersion } from './requireImageSet.ts';

const compress = promisify(gzip);

/** How long a read waits to record its time while another process imports. */
const accessTimeoutMs = 100;

export const getImageSetMetadata = route('GetImageSetMetadata', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{imageSetId}/getImageSetMetadata',
  query: { version: 'versionId' },
  response: {
    payload: 'imageSetMetadataBlob',
    headers: { 'content-type': 'contentType', 'content-encoding': 'contentEncoding' },
  },
  async handle(
    deps: Deps,
    input: RestJson<GetImageSetMetadataRequest>,
  ): Promise<RestJson<GetImageSetMetadataResponse>> {
    const store = requireDatastore(deps.datastores, input.datastoreId);
    const imageSet = requireImageSet(store, input);
    const version = requireVersion(imageSet, input.versionId);
    const document = metadataDocument(store, imageSet, version);
    tryToRecordAccess(deps, store, imageSet.imageSetId);
    return {
      // As the service sends it, though its model says text/plain.
      contentType: 'application/json',
      contentEncoding: 'gzip',
      imageSetMetadataBlob: await compress(JSON.stringify(document)),
    };
  },
});

function tryToRecordAccess({ now, log }: Deps, store: Store, imageSetId: string): void {
  try {
    store.withBusyTimeout(accessTimeoutMs, () => {
      store.transaction(() => {
        recordAccess(store, imageSetId, now());
      });
    });
  } catch (error) {
    log.debug({ error }, 'the time of an access was not recorded');
  }
}
