import {
  CreateDatastoreCommand,
  GetDatastoreCommand,
  GetImageSetMetadataCommand,
  ListTagsForResourceCommand,
  MedicalImagingClient,
  SearchImageSetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type MedicalImagingClientConfig,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createLocalHealthImaging, type LocalHealthImaging } from '../../src/local/server.ts';
import { openDatastores, type Datastores } from '../../src/local/store/datastores/datastores.ts';
import { silentLog } from '../support/gateway/withLocal.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

describe('with signing keys', () => {
  let local: LocalHealthImaging;
  let datastores: Datastores;
  beforeAll(async () => {
    datastores = openDatastores({ directory: ':memory:' });
    local = await createLocalHealthImaging({ datastores, log: silentLog, port: 0, signingKeys: keys });
  });
  afterAll(async () => {
    await local.close();
    datastores.close();
  });

  const clientWith = (options: Partial<MedicalImagingClientConfig> = {}) =>
    new MedicalImagingClient({
      ...{ endpoint: local.url, region: 'eu-west-2', disableHostPrefix: true, maxAttempts: 1 },
      credentials: keys,
      ...options,
    });
  const get = (client: MedicalImagingClient) =>
    client.send(new GetDatastoreCommand({ datastoreId: local.datastoreId }));

  test('takes what an SDK signs, in each part of a request', async () => {
    const { datastoreId } = local;
    const client = clientWith();
    const { datastoreProperties: { datastoreArn: resourceArn } = {} } = await get(client);
    await client.send(
      new TagResourceCommand({ resourceArn, tags: { 'a:b/c=d+e.f_g-h': "it's (one) * two!" } }),
    );
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
      'a:b/c=d+e.f_g-h': "it's (one) * two!",
    });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['z', 'a:b/c=d+e.f_g-h', 'A'] }));
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({});
    const searchCriteria = {
      filters: [{ operator: 'EQUAL' as const, values: [{ DICOMPatientId: 'Ä 山田 %2F' }] }],
    };
    const search = new SearchImageSetsCommand({ datastoreId, searchCriteria, maxResults: 7 });
    expect((await client.send(search)).imageSetsMetadataSummaries).toEqual([]);
    const refused = new SearchImageSetsCommand({ datastoreId, nextToken: 'a+b/c= d&e%f~' });
    await expect(client.send(refused)).rejects.toMatchObject({ name: 'ValidationException' });
    const missing = new GetImageSetMetadataCommand({ datastoreId, imageSetId: '0'.repeat(32) });
    await expect(client.send(missing)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(new CreateDatastoreCommand({ datastoreName: 'other', clientToken: undefined }));
  });

  test('takes a session token, and a clock that is off by less than 15 minutes', async () => {
    await get(clientWith({ credentials: { ...keys, sessionToken: 'any/session+token==' } }));
    await get(clientWith({ systemClockOffset: 14 * 60_000 }));
  });

  test.each<[string, Partial<MedicalImagingClientConfig>, string]>([
    ['another secret', { credentials: { ...keys, secretAccessKey: 'other' } }, 'InvalidSignatureException'],
    [
      'another access key',
      { credentials: { ...keys, accessKeyId: 'AKIDOTHER' } },
      'UnrecognizedClientException',
    ],
    ['a clock that is behind', { systemClockOffset: -16 * 60_000 }, 'InvalidSignatureException'],
    ['a clock that is ahead', { systemClockOffset: 16 * 60_000 }, 'InvalidSignatureException'],
  ])('refuses %s', async (_title, options, name) => {
    await expect(get(clientWith(options))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('refuses what was altered after it was signed', async () => {
    let signed:
      | {
          method: string;
          path: string;
          query: object;
          headers: Record<string, string>;
          body: string;
        }
      | undefined;
    const client = clientWith();
    client.middlewareStack.add(
      (next) => (given) => {
        signed = given.request as NonNullable<typeof signed>;
        return next(given);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'observe' },
    );
    const { datastoreId } = local;
    const criteria = (id: string) => ({
      filters: [{ operator: 'EQUAL' as const, values: [{ DICOMPatientId: id }] }],
    });
    await client.send(
      new SearchImageSetsCommand({ datastoreId, maxResults: 7, searchCriteria: criteria('P1') }),
    );
    if (signed === undefined) throw new Error('Expected a request to be observed.');
    const { method, path, body } = signed;
    const headers = Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
    const send = async (query: string, changes: Record<string, string>, content = body) => {
      const url = `${local.url}${path}?${query}`;
      const answer = await fetch(url, { method, headers: { ...headers, ...changes }, body: content });
      return [answer.status, answer.headers.get('x-amzn-errortype')];
    };
    expect(await send('maxResults=7', {})).toEqual([200, null]);
    const refused = [403, 'InvalidSignatureException'];
    for (const query of ['maxResults=8', 'maxResults=7?', 'maxResults=7&nextToken=x', 'maxResults=7+'])
      expect(await send(query, {})).toEqual(refused);
    expect(await send('maxResults=7', {}, JSON.stringify(criteria('P2')))).toEqual(refused);
    expect(await send('maxResults=7', { 'x-amz-date': '20260101T000000Z' })).toEqual(refused);
    expect(await send('maxResults=7', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })).toEqual(refused);
    const authorization = headers['authorization'] ?? '';
    for (const text of [
      authorization.replace(/SignedHeaders=[^,]+/, 'SignedHeaders=host'),
      authorization.replace('medical-imaging', 's3'),
      authorization.replace('eu-west-2', 'eu-west-1'),
      authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      'Bearer token',
      '',
    ])
      expect(await send('maxResults=7', { authorization: text })).toEqual(refused);
  });

  test('refuses what is not signed at all', async () => {
    const answer = await fetch(`${local.url}/datastore`);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });
});
