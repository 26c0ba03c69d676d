import type { FastifyBodyParser, FastifyInstance } from 'fastify';

import { httpRefusal } from './refusals/httpRefusals.ts';
import { refuse } from './refusals/refusal.ts';
import { demandWellFormedQuery, isWellFormed, malformedText, utf8Text } from './refusals/textRules.ts';

/** Refuses requests that are not GraphQL over HTTP before their body is read: other media types, charsets and encodings. */
export function addRequestForm(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  const parseBody: FastifyBodyParser<Buffer> = (request, body, done) => {
    const text = utf8Text(body);
    void parseJson(request, text, (error, value) => {
      done(error ?? (isWellFormed(text, value) ? null : malformedText()), value);
    });
  };
  // Only JSON: a page of any origin can send text/plain without a preflight.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseBody);
  server.addHook('onRequest', async (request, reply) => {
    demandWellFormedQuery(request.url);
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding.toLowerCase() !== 'identity') {
      // RFC 9110, section 12.5.3. 256 KB may decompress to 256 MB.
      void reply.header('accept-encoding', 'identity');
      return refuse(reply, httpRefusal(415), 415);
    }
    if (!isUtf8(type)) return refuse(reply, httpRefusal(415), 415);
    return undefined;
  });
}

/** RFC 8259, section 8.1: JSON is UTF-8, with or without a charset that says so. */
function isUtf8(contentType: string): boolean {
  const charsets = contentType.matchAll(/;\s*charset\s*=\s*("[^"]*"|[^;\s]*)/gi);
  return [...charsets].every(([, charset = '']) => /^"?utf-?8"?$/i.test(charset));
}
