import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { exampleOperations } from './exampleOperations.ts';

const compress = promisify(gzip);

/** The page's scripts, styles and workers are all in it: it may ask for nothing but the graph beside it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Slices of a volume: the page's own picture is another product's. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="#d60690" ' +
  'stroke-width="2"><path d="M16 3 29 9 16 15 3 9zM3 16l13 6 13-6M3 23l13 6 13-6"/></svg>';

/**
 * GraphiQL's tabs keep the transform of an animation that it hides with `:not(:focus-within)`: a press gives the tab the
 * focus, it jumps away, and the click is lost. So it is hidden always.
 */
const steadyTabs = '<style>.graphiql-tab{transform:none!important}</style>';

const inert = 'a-function-that-does-nothing';

/** GraphiQL in one self-contained page of 9 MB: a hospital's browser may have no internet. */
export async function renderExplorePage(now: number): Promise<string> {
  // Loaded only where the page is served: it is larger than the rest of the program.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const options = {
    title: 'HealthImaging GraphQL',
    logo,
    favicon: `data:image/svg+xml,${encodeURIComponent(logo)}`,
    endpoint: '/graphql',
    defaultTabs: exampleOperations(now).map(({ query, variables }) => ({
      query,
      variables: variables === undefined ? null : JSON.stringify(variables, null, 2),
    })),
    // A header may hold a token, which is not for a browser's storage.
    shouldPersistHeaders: false,
    onEditQuery: inert,
  };
  const page = renderGraphiQL(options);
  // Its own way is to write the operation, and so a patient's identifier, into the address bar and the history.
  return page
    .replace('</head>', `${steadyTabs}</head>`)
    .replace(`"onEditQuery":"${inert}"`, '"onEditQuery":() => {}')
    .trimStart();
}

/**
 * Answers with the page; rendered and compressed once, when it is first asked for: most processes never are.
 * @param now milliseconds since 1970
 */
export function createExplorePage(now: () => number) {
  const prepare = async () => {
    const page = Buffer.from(await renderExplorePage(now()));
    return { page, compressed: await compress(page), tag: hash('sha256', page).slice(0, 32) };
  };
  let prepared: ReturnType<typeof prepare> | undefined;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    prepared ??= prepare();
    const { page, compressed, tag } = await prepared;
    const zipped = takesGzip(request.headers['accept-encoding']);
    const etag = `"${tag}${zipped ? '-gzip' : ''}"`;
    void reply
      .header('etag', etag)
      .header('cache-control', 'no-cache')
      .header('vary', 'accept, accept-encoding')
      .header('content-security-policy', contentSecurityPolicy)
      .header('referrer-policy', 'no-referrer')
      .header('x-content-type-options', 'nosniff');
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    void reply.type('text/html; charset=utf-8');
    return zipped ? reply.header('content-encoding', 'gzip').send(compressed) : reply.send(page);
  };
}

/** RFC 9110, section 12.5.3: `gzip;q=0` is a refusal. */
function takesGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '')
    .split(',')
    .some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(each));
}

/** RFC 9110, section 13.1.2: compared weakly, since proxies weaken the tags of what they compress. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
