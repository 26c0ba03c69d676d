import Negotiator from 'negotiator';

/** The media types of GraphQL over HTTP. */
export const json = 'application/json; charset=utf-8';
export const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const html = 'text/html';

/** In the order that is used where a client prefers none: clients that came before GraphQL's own type expect JSON. */
const answerTypes = [json, graphqlResponse];

/**
 * The media type of the answer that a client prefers (RFC 9110, section 12.5.1); undefined where it takes none of them.
 * @param accept the Accept header
 */
export function answerType(accept: string | undefined): string | undefined {
  return accept === undefined || accept === '' ? json : preferred(accept, answerTypes);
}

/** Whether a client would rather have a page than JSON, as a browser's address bar does. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept !== undefined && preferred(accept, [...answerTypes, html]) === html;
}

function preferred(accept: string, types: string[]): string | undefined {
  return new Negotiator({ headers: { accept } }).mediaType(types);
}
