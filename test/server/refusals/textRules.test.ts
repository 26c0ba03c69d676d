import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { answerTo, json } from '../../support/http/exactRequest.ts';
import { sendRaw } from '../../support/http/rawRequest.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    // Every search reaches HealthImaging.
    environment: { PAGE_CACHE_BYTES: '0' },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

const document = 'query ($id: String!) { imageSets(filter: { patientId: { equal: $id } }) { nodes { id } } }';
const body = (id: string) => `{"query":${JSON.stringify(document)},"variables":{"id":"${id}"}}`;

async function refusal(bytes: string | Buffer): Promise<unknown> {
  const answer = await answerTo(gateway.gateway.url, { headers: json, body: bytes });
  const { errors } = JSON.parse(answer.body.toString()) as { errors?: { message: string }[] };
  return [answer.status, errors?.[0]?.message];
}

const malformed = [400, 'Expected text in UTF-8, and no half of a surrogate pair in it.'];

describe('a body', () => {
  test.each<[string, number[]]>([
    ['a byte that begins nothing', [0xff]],
    ['a character that is cut off', [0xe3, 0x81]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0x4d, 0xfc, 0x6c]],
  ])('with bytes that are no UTF-8 is refused: %s', async (_what, bytes) => {
    const [before = '', after = ''] = body('@').split('@');
    expect(
      await refusal(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])),
    ).toEqual(malformed);
    expect(upstream.take()).toEqual([]);
  });

  test.each([
    ['in a variable', body('\\ud800')],
    ['the other half', body('\\uDFFFx')],
    ['halves in the wrong order', body('\\udc00\\ud800')],
    ['in a name', '{"query":"{ __typename }","variables":{"\\ud83d":1}}'],
    ['in the document', '{"query":"{ __typename # \\ud83d\\n }"}'],
    ['in the operation name', '{"query":"query Q { __typename }","operationName":"\\udead"}'],
    ['in extensions', '{"query":"{ __typename }","extensions":{"a":[{"b":"\\udead"}]}}'],
  ])('with half of a surrogate pair is refused: %s', async (_what, text) => {
    expect(await refusal(text)).toEqual(malformed);
    expect(upstream.take()).toEqual([]);
  });

  test('with a whole pair, as escapes or as it is, searches for that character', async () => {
    for (const id of ['\\ud83d\\ude00', '😀']) {
      expect(await refusal(body(id))).toEqual([200, undefined]);
      expect(JSON.stringify(upstream.take())).toContain('{"DICOMPatientId":"😀"}');
    }
  });

  test('with half of a pair as an escape of the document is a syntax error of it', async () => {
    const literal = '{ imageSets(filter: { patientId: { equal: "\\\\ud800" } }) { nodes { id } } }';
    expect(await refusal(`{"query":"${literal.replaceAll('"', '\\"')}"}`)).toEqual([
      200,
      'The document has a GraphQL syntax error.',
    ]);
  });

  test('with a byte order mark is read, which JSON allows', async () => {
    expect(await refusal(`\ufeff${body('a')}`)).toEqual([200, undefined]);
    expect(upstream.take()).toHaveLength(1);
  });
});

describe('a URL', () => {
  const query = encodeURIComponent(document);
  const get = (variables: string) =>
    sendRaw(
      gateway.url,
      `GET /graphql?query=${query}&variables=${variables} HTTP/1.1\r\nHost: localhost\r\napollo-require-preflight: 1\r\nConnection: close\r\n\r\n`,
    );

  test.each([
    ['bytes that are no UTF-8', '%7B%22id%22%3A%22%ff%22%7D'],
    ['a character that is cut off', '%7B%22id%22%3A%22%e3%81%22%7D'],
    ['what is no encoding', '%7B%22id%22%3A%22100%%22%7D'],
    ['half of a pair as an escape', '%7B%22id%22%3A%22%5Cud800%22%7D'],
  ])('is refused for %s', async (_what, variables) => {
    expect((await get(variables)).status).toBe(400);
    expect(upstream.take()).toEqual([]);
  });

  test('is answered for a character, encoded or as an escape, and for blanks as plus signs', async () => {
    for (const id of [encodeURIComponent('😀 b'), '%5Cud83d%5Cude00+b']) {
      expect((await get(`%7B%22id%22%3A%22${id}%22%7D`)).status).toBe(200);
      expect(JSON.stringify(upstream.take())).toContain('{"DICOMPatientId":"😀 b"}');
    }
  });
});
