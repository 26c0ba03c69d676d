import { expect, test } from '@jest/globals';

import { callRatesOf } from '../../src/config/callRates.ts';
import { loadConfig } from '../../src/config/config.ts';
import { operations } from '../../src/healthimaging/api.ts';

test("every operation that the gateway calls is paced at its account's quota where nothing is set", () => {
  const rates = callRatesOf(loadConfig({}), { embedded: false });
  expect(rates).toEqual({
    SearchImageSets: { perSecond: 25, burst: 50 },
    GetImageSet: { perSecond: 25, burst: 50 },
    GetImageSetMetadata: { perSecond: 50, burst: 100 },
    ListImageSetVersions: { perSecond: 25, burst: 50 },
    GetDatastore: { perSecond: 10, burst: 20 },
  });
  expect(Object.keys(rates).sort()).toEqual(Object.values(operations).sort());
});

test('the embedded HealthImaging is not paced, unless it is asked for', () => {
  const config = loadConfig({ HEALTHIMAGING_SEARCH_RATE: '5', HEALTHIMAGING_DATASTORE_BURST: '3' });
  expect(callRatesOf(config, { embedded: true })).toMatchObject({
    SearchImageSets: { perSecond: 5, burst: Number.POSITIVE_INFINITY },
    GetImageSet: { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
    GetDatastore: { perSecond: Number.POSITIVE_INFINITY, burst: 3 },
  });
});
