import { expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { SearchPageRequest } from '../../../src/healthimaging/api.ts';
import { withPageSizeOfToken } from '../../../src/healthimaging/calls/pageSizeOfToken.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';

const signal = new AbortController().signal;

/** An upstream whose tokens say their page size, and which may insist on it. */
function upstream(strict: boolean) {
  const sizes: number[] = [];
  const search = withPageSizeOfToken((request) => {
    sizes.push(request.maxResults);
    const [, size] = request.nextToken?.split('/') ?? [];
    if (strict && size !== undefined && Number(size) !== request.maxResults) {
      return Promise.reject(new GatewayError('CURSOR_EXPIRED'));
    }
    return Promise.resolve({ rows: [], sort: null, nextToken: `${sizes.length}/${request.maxResults}` });
  });
  const ask = (request: Partial<SearchPageRequest>) =>
    search({ datastoreId, criteria: {}, maxResults: 50, ...request }, { signal });
  return { ask, sizes };
}

test('a token is used at the size asked for where HealthImaging accepts that', async () => {
  const { ask, sizes } = upstream(false);
  await ask({ nextToken: '0/11', pageSizeOfToken: 11 });
  expect(sizes).toEqual([50]);
});

test('where HealthImaging refuses that, the call is repeated at the token’s own size, and so are those that follow', async () => {
  const { ask, sizes } = upstream(true);
  expect(await ask({ nextToken: '0/11', pageSizeOfToken: 11 })).toEqual({
    rows: [],
    sort: null,
    nextToken: '2/11',
    maxResults: 11,
  });
  await ask({ nextToken: '0/26', pageSizeOfToken: 26 });
  expect(sizes).toEqual([50, 11, 26]);
});

test('a walk goes on even where the caller does not know the size that a page was fetched at', async () => {
  const { ask, sizes } = upstream(true);
  const { nextToken } = await ask({ nextToken: '0/11', pageSizeOfToken: 11 });
  await ask({ nextToken: nextToken ?? '', pageSizeOfToken: 50 });
  expect(sizes).toEqual([50, 11, 11]);
});

test('a token that is refused at its own size as well does not change the rule', async () => {
  const { ask, sizes } = upstream(true);
  const dead = { nextToken: '0/7', pageSizeOfToken: 11 };
  await expect(ask(dead)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  await expect(ask(dead)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  expect(sizes).toEqual([50, 11, 50, 11]);
});

test('a first page is sent as it is', async () => {
  const { ask, sizes } = upstream(true);
  await ask({ maxResults: 11 });
  expect(sizes).toEqual([11]);
});
