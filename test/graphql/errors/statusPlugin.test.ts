import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { expect, test } from '@jest/globals';

import type { ErrorCode } from '../../../src/errors.ts';
import { statusPlugin } from '../../../src/graphql/errors/statusPlugin.ts';

type Context = GraphQLRequestContextWillSendResponse<Record<string, never>>;

const single = (...codes: readonly ErrorCode[]) => ({
  kind: 'single',
  singleResult: { errors: codes.map((code) => ({ message: 'x', extensions: { code } })) },
});

/** The status and media type that a response is sent with, where Apollo Server has set a status. */
async function headOf(status: number | undefined, body: unknown, accept?: string) {
  const headers = new Map(accept === undefined ? [] : [['accept', accept]]);
  const request = {
    request: { http: { headers } },
    response: { body, http: { status, headers: new Map<string, string>() } },
  } as unknown as Context;
  const listener = await statusPlugin.requestDidStart?.(request);
  await listener?.willSendResponse?.(request);
  const { http } = request.response;
  return { status: http.status, type: http.headers.get('content-type')?.split(';')[0] };
}

async function statusOf(status: number | undefined, body: unknown, accept?: string) {
  return (await headOf(status, body, accept)).status;
}

const documentCodes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'BAD_USER_INPUT',
  'OPERATION_LIMIT_EXCEEDED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
] as const;

test.each(documentCodes)(
  '%s is a 200, and a 400 where the client accepts the media type of GraphQL',
  async (code) => {
    expect(await statusOf(400, single(code))).toBe(200);
    expect(await statusOf(400, single(code), 'application/json')).toBe(200);
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    expect(await statusOf(400, single(code), accept)).toBe(400);
  },
);

const [asJson, asGraphql] = ['application/json', 'application/graphql-response+json'];

test.each([
  [undefined, asJson],
  ['', asJson],
  ['*/*', asJson],
  ['application/*', asJson],
  ['text/html, */*;q=0.8', asJson],
  ['application/json', asJson],
  ['APPLICATION/JSON', asJson],
  ['application/json, application/graphql-response+json', asJson],
  ['application/json;q=0.5, application/graphql-response+json;q=0.6', asGraphql],
  ['application/graphql-response+json;q=0.1, application/json', asJson],
  ['application/graphql-response+json;q=0, application/json', asJson],
  ['application/json;q=0, application/graphql-response+json', asGraphql],
  ['Application/GraphQL-Response+JSON; charset=utf-8', asGraphql],
  ['application/graphql-response+json2, application/json', asJson],
  ['x-application/graphql-response+json, */*', asJson],
  ['application/graphql-response+json, application/json;q=0.9', asGraphql],
  ['text/html', undefined],
])('a client that accepts %j gets %s, and the status that goes with it', async (accept, type) => {
  for (const status of [200, 400]) {
    expect(await headOf(status, single('GRAPHQL_VALIDATION_FAILED'), accept)).toEqual({
      status: type === asJson ? 200 : type === asGraphql ? 400 : status,
      type,
    });
  }
});

test('a refusal that is not about the document keeps its status, alone or among others', async () => {
  expect(await statusOf(400, single('QUERY_NOT_IN_SAFELIST'))).toBe(400);
  expect(await statusOf(400, single('BAD_USER_INPUT', 'BAD_REQUEST'))).toBe(400);
  expect(await statusOf(403, single('FORBIDDEN'))).toBe(403);
  expect(await statusOf(429, single('RATE_LIMITED'))).toBe(429);
});

test('an internal error without data is a 500, also among errors of the document', async () => {
  const errors = single('GRAPHQL_VALIDATION_FAILED', 'INTERNAL_SERVER_ERROR');
  expect(await statusOf(400, errors)).toBe(500);
  expect(await statusOf(400, errors, 'application/graphql-response+json')).toBe(500);
});

test('a response with data, or in several parts, keeps its status', async () => {
  const { singleResult } = single('INTERNAL_SERVER_ERROR');
  expect(
    await statusOf(undefined, { kind: 'single', singleResult: { ...singleResult, data: null } }),
  ).toBeUndefined();
  expect(await statusOf(undefined, { kind: 'incremental' })).toBeUndefined();
});
