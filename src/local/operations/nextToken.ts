import { ServiceError } from '../serviceError.ts';
import { openPageToken, sealPageToken, type PagePosition } from '../store/pageToken.ts';

/** A store, or whatever else has a secret for next tokens. */
interface Sealed {
  readonly datastore: { readonly tokenSecret: Uint8Array };
}

/** What a request without maxResults gets. The service documents no default; its maximum makes for the fewest requests. */
export const defaultMaxResults = 50;

/**
 * Where the page before ended.
 * @param purpose what the token was given out for: it opens for nothing else
 * @throws {ServiceError} ValidationException
 */
export function openNextToken(
  { datastore }: Sealed,
  purpose: string,
  token: string | undefined,
): PagePosition | undefined {
  if (token === undefined) return undefined;
  const position = openPageToken(datastore.tokenSecret, purpose, token);
  if (position === undefined) throw new ServiceError('ValidationException', 'Invalid nextToken');
  return position;
}

/** The nextToken member of an output; none after the last page. */
export function sealNextToken(
  { datastore }: Sealed,
  purpose: string,
  end: PagePosition | undefined,
): { readonly nextToken?: string } {
  return end === undefined ? {} : { nextToken: sealPageToken(datastore.tokenSecret, purpose, end) };
}
