import { GraphQLError } from 'graphql';

/** How Apollo Server's refusals of a request begin, and what is said instead: theirs may quote the request. */
const messages: readonly (readonly [string, string])[] = [
  [
    'This operation has been blocked as a potential Cross-Site Request Forgery',
    'Expected the content type application/json, or with GET the header apollo-require-preflight: ' +
      'without them any web page could send this.',
  ],
  ['Operation batching disabled', 'Expected one operation a request: no list of them is taken.'],
  ['GET requests only support query operations', 'Expected POST for what is no query.'],
  ['Apollo Server supports only GET/POST requests', 'Expected GET or POST.'],
  [
    "An 'accept' header was provided",
    'Expected to send application/json or application/graphql-response+json.',
  ],
  ['provided sha does not match query', 'Expected the SHA-256 of the query in persistedQuery.sha256Hash.'],
  ['Unsupported persisted query version', 'Expected version 1 in persistedQuery.'],
];

/** @returns undefined for the catalogue's own message */
export function badRequestMessage(message: string): string | undefined {
  return messages.find(([beginning]) => message.startsWith(beginning))?.[1];
}

/** Whether Apollo Server answers this error with a 4xx. */
export function isRefusal(error: unknown): boolean {
  const http: unknown = error instanceof GraphQLError ? error.extensions.http : undefined;
  const status = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}
