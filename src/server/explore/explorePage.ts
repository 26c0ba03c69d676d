import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { exampleOperations } from './exampleOperations.ts';

const compress = promisify(gzip);

/** The page is self-contained: it may connect to nothing but this server's graph. */
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

/** The slices of a volume, in place of the logo of another product. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="#d60690" ' +
  'stroke-width="2"><path d="M16 3 29 9 16 15 3 9zM3 16l13 6 13-6M3 23l13 6 13-6"/></svg>';

/**
 * GraphiQL hides the transform that an animation leaves on its tabs with `:not(:focus-within)`: pressing a tab focuses it, it
 * jumps away from the pointer, and the click is lost. So the transform is always off.
 */
const steadyTabs = '<style>.graphiql-tab{transform:none!important}</style>';

const inert = 'a-function-that-does-nothing';
const tabs = 'tabs-that-the-page-finds';

/**
 * The examples, after the operation of a link (`?query=`), which GraphiQL opens by itself only where it has kept tabs of an earlier
 * visit.
 */
function tabsExpression(now: number): string {
  const examples = exampleOperations(now).map(({ query, variables }) => ({
    query,
    variables: variables === undefined ? null : JSON.stringify(variables, null, 2),
  }));
  const linked =
    "(link => link.has('query') ? [{ query: link.get('query'), variables: link.get('variables') }] : [])" +
    '(new URLSearchParams(location.search))';
  return `[...${linked}, ...${JSON.stringify(examples).replaceAll('<', String.raw`\u003c`)}]`;
}

/** GraphiQL as one self-contained page of 9 MB, because a hospital's browsers may have no internet. */
export async function renderExplorePage(now: number): Promise<string> {
  // Loaded only when the page is requested: it is larger than the rest of the program.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const options = {
    title: 'HealthImaging GraphQL',
    logo,
    favicon: `data:image/svg+xml,${encodeURIComponent(logo)}`,
    endpoint: '/graphql',
    defaultTabs: tabs as never,
    // A header may hold an access token, which must not get into the browser's storage.
    shouldPersistHeaders: false,
    onEditQuery: inert,
  };
  const page = renderGraphiQL(options);
  // By default, it writes the operation, with a patient's identifiers, into the address bar and so into the history.
  return page
    .replace('</head>', `${steadyTabs}</head>`)
    .replace(`"onEditQuery":"${inert}"`, '"onEditQuery":() => {}')
    .replace(`"defaultTabs":"${tabs}"`, () => `"defaultTabs":${tabsExpression(now)}`)
    .trimStart();
}

/**
 * A handler that sends the page. It is rendered and compressed at the first request, which most processes never get.
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

/** RFC 9110, section 12.5.3: `gzip;q=0` refuses it. */
function takesGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '')
    .split(',')
    .some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(each));
}

/** RFC 9110, section 13.1.2: a weak comparison, since proxies that compress make tags weak. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
