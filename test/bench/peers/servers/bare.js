import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { URL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

import { search, serves } from './imageSets.js';

// What one would write by hand: the SDK's answer as JSON, compressed where the client asks for it.

const compress = promisify(brotliCompress);
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

async function answer(request, response) {
  const { searchParams } = new URL(request.url, 'http://server');
  const page = await search({
    patientId: searchParams.get('patientId'),
    maxResults: Number(searchParams.get('first')),
    nextToken: searchParams.get('nextToken') ?? undefined,
  });
  const body = Buffer.from(
    JSON.stringify({ imageSets: page.imageSetsMetadataSummaries, nextToken: page.nextToken }),
  );
  const isCompressed = request.headers['accept-encoding']?.includes('br') ?? false;
  const sent = isCompressed ? await compress(body, options) : body;
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': sent.length,
    ...(isCompressed && { 'content-encoding': 'br' }),
  });
  response.end(sent);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(502).end());
});
server.listen(0, '127.0.0.1', () => serves(server.address().port));
