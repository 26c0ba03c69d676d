import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { GatewayError } from '../../src/errors.ts';
import type { HealthImaging, VersionsRequest } from '../../src/healthimaging/api.ts';
import { createLoaders } from '../../src/healthimaging/loaders.ts';
import { parseDocument } from '../../src/healthimaging/metadata/parseDocument.ts';
import { datastoreId, fakeHealthImaging } from '../support/upstream/fakeHealthImaging.ts';

const signal = new AbortController().signal;
const datastore = {
  datastoreId,
  name: 'synthetic',
  status: 'ACTIVE',
  arn: null,
  createdAt: null,
  updatedAt: null,
} as const;

test('reads each object once; a key that fails leaves the others alone', async () => {
  const [api, calls] = fakeHealthImaging({ datastores: [datastore], metadata: { a: { Study: {} } } });
  const loaders = createLoaders(api, { signal });
  const settled = await Promise.allSettled([
    loaders.datastore.load(datastoreId),
    loaders.datastore.load(datastoreId),
    loaders.datastore.load('unknown'),
    loaders.metadata.load({ datastoreId, imageSetId: 'a' }),
    loaders.metadata.load({ datastoreId, imageSetId: 'a' }),
    loaders.metadata.load({ datastoreId, imageSetId: 'a', versionId: '1' }),
  ]);
  expect(settled).toEqual([
    { status: 'fulfilled', value: datastore },
    { status: 'fulfilled', value: datastore },
    { status: 'rejected', reason: new GatewayError('NOT_FOUND') },
    ...Array<unknown>(3).fill({ status: 'fulfilled', value: parseDocument(Buffer.from('{"Study":{}}')) }),
  ]);
  expect(calls).toHaveLength(4);
});

test('has no more calls in flight than allowed, over all loaders', async () => {
  const [fake] = fakeHealthImaging({});
  let underWay = 0;
  let most = 0;
  const busy = async <Answer>(answer: Answer) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await delay(1);
    underWay -= 1;
    return answer;
  };
  const api: HealthImaging = {
    ...fake,
    getImageSetMetadata: () => busy(parseDocument(Buffer.from('{}'))),
    listImageSetVersions: () => busy({ versions: [], nextToken: null }),
  };
  const loaders = createLoaders(api, { signal, maximumConcurrency: 3 });
  const references = Array.from({ length: 20 }, (_, index) => ({ datastoreId, imageSetId: String(index) }));
  await Promise.all([
    Promise.all(references.map((reference) => loaders.metadata.load(reference))),
    loaders.versions.loadMany(references.map((reference) => ({ ...reference, maxResults: 50 }))),
  ]);
  expect([most, underWay]).toEqual([3, 0]);
});

test('reads each page of versions once', async () => {
  const [fake] = fakeHealthImaging({});
  const asked: VersionsRequest[] = [];
  const api: HealthImaging = {
    ...fake,
    listImageSetVersions(request) {
      asked.push(request);
      return Promise.resolve({ versions: [], nextToken: null });
    },
  };
  const { versions } = createLoaders(api, { signal });
  const first = { datastoreId, imageSetId: 'a', maxResults: 50 };
  const pages = [
    first,
    { ...first, nextToken: 'token' },
    { ...first, imageSetId: 'b' },
    { ...first, maxResults: 7 },
  ];
  await versions.loadMany([...pages, ...pages.map((page) => ({ ...page }))]);
  expect(asked).toEqual(pages);
});
