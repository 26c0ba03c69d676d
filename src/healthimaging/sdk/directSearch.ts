import { randomUUID } from 'node:crypto';

import { SearchImageSetsCommand, type MedicalImagingClient } from '@aws-sdk/client-medical-imaging';

import type { SearchCriteria, SearchFilter } from '../../search/filter/criteria.ts';
import type { SearchPageRequest } from '../api.ts';
import { abortError } from '../abort.ts';
import type { Json } from '../responses/readMember.ts';
import { BoundedHttpHandler, type ObservedRequest } from './boundedHttpHandler.ts';
import { readJson } from './plainJson.ts';
import { createSigner } from './signature.ts';

type SearchRequest = Omit<SearchPageRequest, 'pageSizeOfToken'>;

export interface SearchResponse {
  /** As the SDK has it. */
  readonly output: unknown;
  /** What the output was read from; undefined where the SDK read it. */
  readonly body?: Uint8Array;
}

/** Sends one search, once. */
export type SendSearch = (
  request: SearchRequest,
  how: { readonly abortSignal: AbortSignal },
) => Promise<SearchResponse>;

/** Where the SDK sends searches, and how it signs them. */
interface Route extends Pick<ObservedRequest, 'protocol' | 'hostname'> {
  readonly port: number | undefined;
  readonly host: string;
  /** What comes before `/datastore/`. */
  readonly prefix: string;
  /** Those that are the same for each search. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where requests are not signed. */
  readonly sign: ReturnType<typeof createSigner> | undefined;
}

/**
 * Searches without the SDK's stack of middleware, which takes as long as all the rest of a page of ten. The SDK itself sends the
 * first search and shows where to; from then on a search is signed with the client's own credentials and clock and sent over
 * its connections. Any response but a 200 goes through the SDK, so that failures are its own. A client of another kind, or one
 * that signs in another way, sends all of them.
 */
export function createDirectSearch(client: MedicalImagingClient): SendSearch {
  const handler: unknown = client.config.requestHandler;
  const send = async (request: SearchRequest, how: object): Promise<SearchResponse> => ({
    output: await client.send(commandOf(request), how),
  });
  if (!(handler instanceof BoundedHttpHandler)) return send;
  let route: Route | undefined;
  return async (request, { abortSignal }) => {
    if (route === undefined) {
      const response = await send(request, { abortSignal });
      route ??= handler.lastSearch && routeOf(handler.lastSearch);
      return response;
    }
    const signed = await signedRequest(client, route, request);
    if (abortSignal.aborted) throw abortError(abortSignal);
    const response = await handler.exchange(signed, abortSignal);
    if (response.statusCode !== 200) return send(request, { abortSignal, response });
    const { body } = response;
    return { output: readJson(response, body), body };
  };
}

function commandOf({ datastoreId, criteria, maxResults, nextToken }: SearchRequest): SearchImageSetsCommand {
  return new SearchImageSetsCommand({
    datastoreId,
    maxResults,
    ...(nextToken !== undefined && { nextToken }),
    searchCriteria: wireCriteria(criteria),
  });
}

/** Copies, because the SDK's types ask for arrays that could be written to. */
function wireCriteria({ filters, sort }: SearchCriteria) {
  return {
    ...(filters !== undefined && {
      filters: filters.map(({ operator, values }) => ({ operator, values: [...values] })),
    }),
    ...(sort !== undefined && { sort }),
  };
}

const searchPath = /^([\w/.~-]*)\/datastore\/[0-9a-z]{32}\/searchImageSets$/;
const signedFor = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request,/;
const sameEachTime = ['user-agent', 'x-amz-user-agent', 'amz-sdk-request'];

/** Undefined where the SDK sends in another way than is known here. */
function routeOf({ protocol, hostname, port, path, headers }: ObservedRequest): Route | undefined {
  const [, prefix] = searchPath.exec(path) ?? [];
  const authorization = headers['authorization'];
  const [, region, service] = signedFor.exec(authorization ?? '') ?? [];
  if (
    prefix === undefined ||
    (authorization !== undefined && (region === undefined || service === undefined))
  )
    return undefined;
  return {
    ...{ protocol, hostname, port, prefix },
    host: headers['host'] ?? hostname,
    headers: Object.fromEntries(
      sameEachTime.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    ),
    sign: region === undefined || service === undefined ? undefined : createSigner({ region, service }),
  };
}

async function signedRequest(
  client: MedicalImagingClient,
  { protocol, hostname, port, host, prefix, headers, sign }: Route,
  { datastoreId, criteria, maxResults, nextToken }: SearchRequest,
) {
  const path = `${prefix}/datastore/${datastoreId}/searchImageSets`;
  const query = `maxResults=${maxResults}${nextToken === undefined ? '' : `&nextToken=${escaped(nextToken)}`}`;
  const body = JSON.stringify({
    ...(criteria.filters !== undefined && { filters: criteria.filters.map(wireFilter) }),
    ...(criteria.sort !== undefined && { sort: criteria.sort }),
  });
  const contentType = 'application/json';
  const own =
    sign === undefined
      ? { 'content-type': contentType, host }
      : sign(
          { path, query, host, contentType, body },
          await client.config.credentials(),
          Date.now() + client.config.systemClockOffset,
        );
  return {
    ...{ protocol, hostname, port, body },
    path: `${path}?${query}`,
    headers: {
      ...headers,
      ...own,
      'amz-sdk-invocation-id': randomUUID(),
      'content-length': String(Buffer.byteLength(body)),
    },
  };
}

/** restJson1 has times in seconds since 1970. */
function wireFilter({ operator, values }: SearchFilter): Json {
  return { values: values.map(wireValue), operator };
}

function wireValue(value: SearchFilter['values'][number]): Json {
  if ('createdAt' in value) return { createdAt: value.createdAt.getTime() / 1000 };
  return 'updatedAt' in value ? { updatedAt: value.updatedAt.getTime() / 1000 } : value;
}

/** RFC 3986, section 2.3: what encodeURIComponent leaves and Signature Version 4 does not. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
