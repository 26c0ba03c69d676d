import { Readable } from 'node:stream';

import {
  GetDatastoreCommand,
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  ListImageSetVersionsCommand,
  type MedicalImagingClient,
} from '@aws-sdk/client-medical-imaging';

import { abortError, untilAborted } from '../abort.ts';
import { ResponseFault, isJson, type Json } from '../responses/readMember.ts';
import type { CallOptions, HealthImaging } from '../api.ts';
import { createDirectSearch } from './directSearch.ts';
import { toGatewayError } from './failure.ts';
import { readMetadataDocument } from '../metadata/metadataDocument.ts';
import { toDatastoreProperties, toImageSetProperties, toVersionsPage } from '../responses/properties.ts';
import { toSearchPage } from '../responses/searchPage.ts';

export interface SdkHealthImagingOptions {
  /** Bound of a metadata document that is read without a `place`, decompressed, in bytes; AWS allows 50 MB. */
  readonly maximumMetadataBytes?: number;
}

type Send = (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

/** The port over the SDK: sends each call once, checks the shape of its response, and rejects with a GatewayError. */
export function createSdkHealthImaging(
  client: MedicalImagingClient,
  { maximumMetadataBytes = 67_108_864 }: SdkHealthImagingOptions = {},
): HealthImaging {
  const sendSearch = createDirectSearch(client);
  return {
    searchImageSets({ datastoreId, criteria, maxResults, nextToken }, options) {
      const search = { datastoreId, criteria, maxResults, ...(nextToken !== undefined && { nextToken }) };
      const send: Send = (how) => sendSearch(search, how);
      return call(send, options, nextToken, (response) => toSearchPage(response, datastoreId));
    },

    getImageSet({ datastoreId, imageSetId, versionId }, options) {
      const command = new GetImageSetCommand({
        datastoreId,
        imageSetId,
        ...(versionId !== undefined && { versionId }),
      });
      const send: Send = (how) => client.send(command, how);
      return call(send, options, undefined, (response) =>
        toImageSetProperties(response, { datastoreId, imageSetId }),
      );
    },

    getImageSetMetadata({ datastoreId, imageSetId, versionId }, options) {
      const command = new GetImageSetMetadataCommand({
        datastoreId,
        imageSetId,
        ...(versionId !== undefined && { versionId }),
      });
      const send: Send = (how) => client.send(command, how);
      return call(send, options, undefined, (response) => {
        const body = response['imageSetMetadataBlob'];
        if (!(body instanceof Readable)) throw new ResponseFault('imageSetMetadataBlob', 'a body');
        const { signal, place } = options;
        return readMetadataDocument(body, { maximumBytes: maximumMetadataBytes, place, signal });
      });
    },

    listImageSetVersions({ datastoreId, imageSetId, maxResults, nextToken }, options) {
      const command = new ListImageSetVersionsCommand({
        datastoreId,
        imageSetId,
        maxResults,
        ...(nextToken !== undefined && { nextToken }),
      });
      const send: Send = (how) => client.send(command, how);
      return call(send, options, nextToken, toVersionsPage);
    },

    getDatastore(datastoreId, options) {
      const command = new GetDatastoreCommand({ datastoreId });
      const send: Send = (how) => client.send(command, how);
      return call(send, options, undefined, (response) => toDatastoreProperties(response, datastoreId));
    },
  };
}

/** The SDK heeds the signal too, but not while it looks for credentials, and drops the signal's reason. */
async function call<Result>(
  send: Send,
  { signal }: CallOptions,
  nextToken: string | undefined,
  read: (response: Json) => Result | Promise<Result>,
): Promise<Result> {
  if (signal.aborted) throw abortError(signal);
  const sendAndRead = async () => {
    const response = await send({ abortSignal: signal });
    if (!isJson(response)) throw new ResponseFault('body', 'a JSON object');
    return read(response);
  };
  try {
    return await untilAborted(sendAndRead(), signal);
  } catch (error) {
    throw toGatewayError(error, { withToken: nextToken !== undefined, signal });
  }
}
