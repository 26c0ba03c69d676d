import type { MedicalImagingClient } from '@aws-sdk/client-medical-imaging';

import { ResponseFault, isJson, type Json } from '../responses/readMember.ts';
import { operations } from '../api.ts';

/** Operations whose answer is one JSON object with every member in it (restJson1, no header or stream bindings). */
const plain: ReadonlySet<string> = new Set([
  operations.searchImageSets,
  operations.getImageSet,
  operations.listImageSetVersions,
  operations.getDatastore,
]);

/**
 * Has the client parse the JSON of a 200 and nothing more: the SDK's walk along the schema, with a Date for each of a
 * page's 150 times, was a quarter of all time spent. What it would have checked is checked when answers are mapped.
 * Requests and every other answer stay with the SDK's own protocol.
 */
export function readPlainJson(client: MedicalImagingClient): void {
  const protocol: unknown = client.config.protocol;
  if (!isProtocol(protocol)) throw new TypeError('Expected a client with a protocol of its own.');
  const deserialize = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    const { statusCode, body } = response;
    return statusCode === 200 && plain.has(operation.name) && body instanceof Uint8Array
      ? plainAnswer(response, body)
      : deserialize(operation, context, response);
  };
}

/** The part of the SDK's protocol interface that is needed here; its own types leave everything open. */
interface Protocol {
  deserializeResponse: (
    operation: { readonly name: string },
    context: unknown,
    response: PlainResponse,
  ) => Promise<unknown>;
}

interface PlainResponse {
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

function plainAnswer({ statusCode, headers }: PlainResponse, body: Uint8Array): Json {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  if (!isJson(answer)) throw new ResponseFault('body', 'a JSON object');
  return Object.assign(answer, {
    $metadata: { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] },
  });
}
