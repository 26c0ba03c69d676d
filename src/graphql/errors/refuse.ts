import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { errorEntry, type ErrorCode, type GatewayError } from '../../errors.ts';

/** What a 503 says of when to try again, where nothing better is known, in milliseconds. */
const waitAfter503 = 1_000;

type Headers = Readonly<Record<string, string>>;

export interface RefusalHead {
  readonly status: number;
  readonly headers: Headers;
}

/** The HTTP status of a refusal, and its `Retry-After` where waiting helps. */
export function refusalHead(
  { code, retryAfterMs }: { readonly code: ErrorCode; readonly retryAfterMs?: number | undefined },
  status = errorEntry(code).status ?? 500,
): RefusalHead {
  const waitMs = retryAfterMs ?? (status === 503 ? waitAfter503 : undefined);
  // RFC 9110, section 10.2.3: in whole seconds.
  return { status, headers: waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) } };
}

/**
 * Refuses an operation as a whole, before it is executed. Apollo Server takes the HTTP status and headers of a refusal only
 * from a GraphQLError.
 * @throws {GraphQLError} around the error
 */
export function refuse(error: GatewayError, ownHeaders: Headers = {}): never {
  const { status, headers } = refusalHead(error);
  const all = new HeaderMap(Object.entries({ ...headers, ...ownHeaders }));
  const extensions: Record<string, unknown> = { http: { status, ...(all.size > 0 && { headers: all }) } };
  throw new GraphQLError(error.message, { originalError: error, extensions });
}
