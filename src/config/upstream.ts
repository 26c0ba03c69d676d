import { join } from 'node:path';

import envPaths from 'env-paths';

import { serviceIdentifier } from '../identifiers.ts';
import { aes256Key, httpUrl, listOf, matching, wholeNumber } from './parsers.ts';
import { needsSetting, setting, type Need } from './setting.ts';

const embedded: Need = (valueOf) =>
  valueOf('HEALTHIMAGING_DATASTORE_IDS') === undefined ? undefined : 'HEALTHIMAGING_DATASTORE_IDS is set';

const cached: Need = (valueOf) => (valueOf('PAGE_CACHE_BYTES') === 0 ? 'PAGE_CACHE_BYTES is 0' : undefined);

/** The folder of the embedded store where HEALTHIMAGING_DATA_DIR is not set. */
export function defaultDataDirectory(): string {
  return envPaths('healthimaging-graphql', { suffix: '' }).data;
}

/** Which HealthImaging stands behind the gateway, and how its pages are kept. */
export const upstreamSettings = {
  datastoreIds: setting(
    'HEALTHIMAGING_DATASTORE_IDS',
    listOf(matching(serviceIdentifier, '32 digits or lower-case letters')),
    undefined,
    ['unset: embedded', 'data stores that may be searched, comma-separated; the first is the default'],
  ),
  region: setting(
    'AWS_REGION',
    matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1'),
    undefined,
    [
      "AWS's own",
      "region; credentials come from the AWS SDK's standard chain (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...)",
    ],
  ),
  endpoint: setting(
    'AWS_ENDPOINT_URL_MEDICAL_IMAGING',
    httpUrl,
    undefined,
    ['AWS', 'another endpoint for HealthImaging, which is then called without the `runtime-` host prefix'],
    { needs: needsSetting('HEALTHIMAGING_DATASTORE_IDS') },
  ),
  dataDirectory: setting(
    'HEALTHIMAGING_DATA_DIR',
    matching(/./, 'a folder'),
    undefined,
    ["a data folder of the user's", 'where the embedded store lives'],
    { needs: embedded, inForce: defaultDataDirectory },
  ),
  bucketsDirectory: setting(
    'HEALTHIMAGING_BUCKETS_DIR',
    matching(/./, 'a folder'),
    undefined,
    [
      '`s3` in the data folder',
      'where the buckets of import jobs are: `s3://bucket/key` is `bucket/key` in it',
    ],
    {
      needs: embedded,
      inForce: (valueOf) => {
        const directory = valueOf('HEALTHIMAGING_DATA_DIR');
        return join(typeof directory === 'string' ? directory : defaultDataDirectory(), 's3');
      },
    },
  ),
  pageSize: setting('HEALTHIMAGING_PAGE_SIZE', wholeNumber(1, 50), 50, [
    '50',
    'rows requested for each upstream page',
  ]),
  pageCacheBytes: setting('PAGE_CACHE_BYTES', wholeNumber(0, 2 ** 40), 67_108_864, [
    '67108864',
    'size of the page cache in bytes, a quarter of it for answers; 0 turns it off',
  ]),
  pageFreshMs: setting(
    'PAGE_FRESH_MS',
    wholeNumber(0, 86_400_000),
    1_000,
    ['1000', 'how old a page may be for a window without `after`, in milliseconds'],
    { needs: cached },
  ),
  pageWalkMs: setting(
    'PAGE_WALK_MS',
    wholeNumber(0, 86_400_000),
    60_000,
    ['60000', 'how old a page may be for a window with `after`, in milliseconds'],
    { needs: cached },
  ),
  metadataRequestBytes: setting('METADATA_REQUEST_BYTES', wholeNumber(1_048_576, 2 ** 40), 67_108_864, [
    '67108864',
    'metadata documents, decompressed, that one request may hold at a time, in bytes',
  ]),
  metadataProcessBytes: setting('METADATA_PROCESS_BYTES', wholeNumber(1_048_576, 2 ** 40), 268_435_456, [
    '268435456',
    'metadata documents, decompressed, that all requests may hold at a time, in bytes',
  ]),
  cursorKeys: setting(
    'CURSOR_KEYS',
    listOf(aes256Key),
    undefined,
    [
      'embedded: made once and kept in the data folder; otherwise made at each start, with a warning',
      'base64 keys of 32 bytes, comma-separated: the first seals cursors, and all open them',
    ],
    { secret: true },
  ),
} as const;
