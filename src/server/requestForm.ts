import type { FastifyInstance } from 'fastify';

import { httpFault } from './refusals/httpFaults.ts';
import { refuse } from './refusals/refusal.ts';

/** Refuses what no GraphQL over HTTP is, before its body is read: other media types, charsets and encodings. */
export function addRequestForm(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  // Browsers send text/plain from any page, without asking first: it is no GraphQL.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
  server.addHook('onRequest', async (request, reply) => {
    // RFC 9112, section 3.2: a request has one Host; it is a part of the URL that Apollo Server is given.
    if (!URL.canParse(`http://${request.hostname}/`)) return refuse(reply, httpFault(400), 400);
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding.toLowerCase() !== 'identity') {
      // RFC 9110, section 12.5.3. Compressed, 256 KB may be 256 MB.
      void reply.header('accept-encoding', 'identity');
      return refuse(reply, httpFault(415), 415);
    }
    if (!isUtf8(type)) return refuse(reply, httpFault(415), 415);
    return undefined;
  });
}

/** RFC 8259, section 8.1: JSON is UTF-8. Without a charset it is taken to be; a browser's label for it is taken too. */
function isUtf8(contentType: string): boolean {
  const charsets = contentType.matchAll(/;\s*charset\s*=\s*("[^"]*"|[^;\s]*)/gi);
  return [...charsets].every(([, charset = '']) => /^"?utf-?8"?$/i.test(charset));
}
