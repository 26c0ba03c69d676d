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
import type { CallOptions, HealthImaging, UnreadPage } from '../api.ts';
import { createDirectSearch } from './directSearch.ts';
import { parseJson } from './plainJson.ts';
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
      let body: Uint8Array | undefined;
      const send: Send = async (how) => {
        const response = await sendSearch(search, how);
        ({ body } = response);
        return response.output;
      };
      return call(send, options, nextToken, (response) => {
        const page = toSearchPage(response, datastoreId);
        return body === undefined ? page : { ...page, unread: unread(body, datastoreId) };
      });
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

/** @param body of a response that has been read, and found right */
function unread(body: Uint8Array, datastoreId: string): UnreadPage {
  return { bytes: body.length, read: () => toSearchPage(parseJson(body), datastoreId) };
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
