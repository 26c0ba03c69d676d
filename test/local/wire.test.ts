import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { manyImageSets, putImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

describe('the wire', () => {
  let local: Local;
  let searchPath: string;

  beforeAll(async () => {
    local = await withLocal({ imageSets: manyImageSets(3) });
    searchPath = `/datastore/${local.datastoreId}/searchImageSets`;
  });
  afterAll(() => local.close());

  async function call(path: string, init: RequestInit = { method: 'POST' }) {
    const response = await fetch(local.url + path, init);
    return {
      status: response.status,
      error: response.headers.get('x-amzn-errortype'),
      requestId: response.headers.get('x-amzn-requestid'),
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  const post = (body: string | Uint8Array<ArrayBuffer>) => call(searchPath, { method: 'POST', body });
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;

  test('writes times as seconds since 1970 with milliseconds', async () => {
    const { body } = await post('{"sort":{"sortField":"createdAt","sortOrder":"ASC"}}');
    expect(body['imageSetsMetadataSummaries']).toMatchObject([
      { createdAt: Date.UTC(2026, 0, 1) / 1000 },
      { createdAt: Date.UTC(2026, 0, 1) / 1000 + 60 },
      { createdAt: Date.UTC(2026, 0, 1) / 1000 + 120 },
    ]);
  });

  test.each([
    ['an empty body', ''],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['members that are null', '{"filters":null,"sort":null}'],
    ['unknown members', '{"filter":[1],"__type":"x"}'],
    [
      'a union whose other members are null',
      '{"filters":[{"operator":"EQUAL","values":[{"isPrimary":true,"createdAt":null}]}]}',
    ],
  ])('takes %s as criteria', async (_title, body) => {
    const answer = await post(body);
    expect([answer.status, (answer.body['imageSetsMetadataSummaries'] as unknown[]).length]).toEqual([
      200, 3,
    ]);
  });

  test.each([
    ['a body that is not JSON', '{"filters":[SECRET', 'Expected the body to be a JSON object in UTF-8.'],
    [
      'bytes that are not UTF-8',
      Uint8Array.of(0x22, 0xff, 0x22),
      'Expected the body to be a JSON object in UTF-8.',
    ],
    ['a list for the criteria', '[]', "LIST_VALUE at 'searchCriteria' can not be converted to Structure"],
    [
      'an object for a list',
      '{"filters":{}}',
      "STRUCTURE_VALUE at 'searchCriteria.filters' can not be converted to List",
    ],
    [
      'text for a time',
      '{"filters":[{"operator":"EQUAL","values":[{"createdAt":"SECRET"}]}]}',
      "STRING_VALUE at 'searchCriteria.filters.1.member.values.1.member.createdAt' can not be converted to Timestamp in seconds since 1970",
    ],
    [
      'a number for text',
      '{"filters":[{"operator":"EQUAL","values":[{"DICOMPatientId":12345}]}]}',
      "NUMBER_VALUE at 'searchCriteria.filters.1.member.values.1.member.DICOMPatientId' can not be converted to String",
    ],
    [
      'text for a boolean',
      '{"filters":[{"operator":"EQUAL","values":[{"isPrimary":"true"}]}]}',
      "STRING_VALUE at 'searchCriteria.filters.1.member.values.1.member.isPrimary' can not be converted to Boolean",
    ],
  ])('refuses %s as SerializationException, without a value', async (_title, body, message) => {
    expect(await post(body)).toEqual({
      status: 400,
      error: 'SerializationException',
      requestId,
      body: { message },
    });
  });

  test('matches times to the millisecond, though the fractions are not exact in binary', async () => {
    const createdAt = 482_196_050_520;
    putImageSets(local.store, [{ imageSetId: 'f'.repeat(32), createdAt }]);
    const { body } = await post(
      '{"filters":[{"operator":"EQUAL","values":[{"createdAt":482196050.52}]},{"operator":"BETWEEN","values":[{"createdAt":4.8219605052E8},{"createdAt":482196050.52}]}]}',
    );
    expect(body['imageSetsMetadataSummaries']).toMatchObject([{ createdAt: 482196050.52 }]);
    local.store.prepare('DELETE FROM image_set WHERE created_at = ?').run(createdAt);
  });

  test('refuses a maxResults that is not a number', async () => {
    expect(await call(`${searchPath}?maxResults=ten`)).toEqual({
      status: 400,
      error: 'SerializationException',
      requestId,
      body: { message: "STRING_VALUE at 'maxResults' can not be converted to Integer" },
    });
  });

  test('refuses a body longer than criteria can be', async () => {
    expect(await post(' '.repeat(65_537))).toMatchObject({
      status: 413,
      error: 'RequestEntityTooLargeException',
    });
  });

  test('refuses unknown paths, and other methods on known ones', async () => {
    expect(await call('/studies')).toMatchObject({ status: 404, error: 'UnknownOperationException' });
    expect(await call(searchPath, { method: 'GET' })).toMatchObject({
      status: 405,
      error: 'MethodNotAllowedException',
      body: { message: 'Expected method POST on this path.' },
    });
  });

  test('refuses an empty and a wrongly encoded label as a value that fits no pattern', async () => {
    for (const label of ['', '%E0%A4%A']) {
      expect(await call(`/datastore/${label}/searchImageSets`)).toMatchObject({
        status: 400,
        error: 'ValidationException',
        body: { message: expect.stringContaining("'datastoreId'") as unknown },
      });
    }
  });

  test('says which operations are not supported', async () => {
    expect(await call(`/datastore/${local.datastoreId}/imageSet/x/updateImageSetMetadata`)).toEqual({
      status: 400,
      error: 'ValidationException',
      requestId,
      body: { message: 'UpdateImageSetMetadata is not supported by the local HealthImaging.' },
    });
  });

  test('reads the longest token, percent-encoded', async () => {
    expect(await call(`${searchPath}?nextToken=${'%2B'.repeat(8192)}`)).toMatchObject({
      status: 400,
      body: { message: 'Invalid nextToken' },
    });
  });

  test.each<[string, Record<string, string>, number]>([
    ['this machine', { host: 'localhost' }, 200],
    ['this machine, with the prefix of SDKs', { host: 'runtime-127.0.0.1:4010' }, 200],
    ['this machine, from a page of it', { host: '[::1]', origin: 'http://localhost:3000' }, 200],
    ['the service', { host: 'runtime-medical-imaging.us-east-1.amazonaws.com' }, 403],
    ['another site', { host: 'example.org' }, 403],
    ['this machine, from a page of another site', { host: 'localhost', origin: 'https://example.org' }, 403],
    ['this machine, from a page of none', { host: 'localhost', origin: 'null' }, 403],
  ])('by its host and origin answers nobody else than this machine: %s', async (_who, headers, expected) => {
    const { hostname, port } = new URL(local.url);
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path: searchPath, method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(expected);
  });

  test('refuses half of a surrogate pair, which no file has', async () => {
    const response = await fetch(local.url + searchPath, {
      method: 'POST',
      body: '{"filters":[{"operator":"EQUAL","values":[{"DICOMPatientId":"\\ud800"}]}]}',
    });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
      400,
      'SerializationException',
    ]);
  });
});
