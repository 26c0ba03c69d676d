import type { MedicalImagingClient } from '@aws-sdk/client-medical-imaging';

import { operations } from '../api.ts';
import { isJson, ResponseFault, type Json } from '../responses/readMember.ts';

/** Operations whose response is one JSON object that holds every member (restJson1 without header or stream bindings). */
const plainOperations: ReadonlySet<string> = new Set([
  operations.searchImageSets,
  operations.getImageSet,
  operations.listImageSetVersions,
  operations.getDatastore,
]);

/**
 * Makes the client parse the JSON of a 200 and do nothing more with it. The SDK would walk it along its schema and make a
 * Date of each of a page's 150 times: a quarter of all time spent. What it would check, `responses/` checks. Requests and
 * all other responses stay with the SDK's protocol.
 *
 * This replaces a method of the client's protocol object, which the SDK does not promise to keep: plainJson.test.ts holds
 * the result against the client as the SDK makes it.
 * @throws {TypeError} where the client has no such protocol
 */
export function readPlainJson(client: MedicalImagingClient): void {
  const protocol: unknown = client.config.protocol;
  if (!isProtocol(protocol)) throw new TypeError('Expected a client with a protocol of its own.');
  const deserialize = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    const { statusCode, body } = response;
    return statusCode === 200 && plainOperations.has(operation.name) && body instanceof Uint8Array
      ? readJson(response, body)
      : deserialize(operation, context, response);
  };
}

/** The part of the SDK's protocol that is used here; the SDK types it as `unknown` throughout. */
interface Protocol {
  deserializeResponse: (
    operation: { readonly name: string },
    context: unknown,
    response: HttpResponse,
  ) => Promise<unknown>;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function isProtocol(value: unknown): value is Protocol {
  return (
    typeof value === 'object' &&
    value !== null &&
    'deserializeResponse' in value &&
    typeof value.deserializeResponse === 'function'
  );
}

/** As the SDK does, takes no body for an empty object. */
export function readJson(
  { statusCode, headers }: Pick<HttpResponse, 'statusCode' | 'headers'>,
  body: Uint8Array,
): Json {
  return Object.assign(parseJson(body), {
    $metadata: { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] },
  });
}

/** @throws {ResponseFault} for anything but an object */
export function parseJson(body: Uint8Array): Json {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const json: unknown = text === '' ? {} : JSON.parse(text);
  if (!isJson(json)) throw new ResponseFault('body', 'a JSON object');
  return json;
}
