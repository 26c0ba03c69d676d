import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestGateway, type GraphqlResult, type TestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../support/gateway/withLocal.ts';

// The checks of graphql-cop (github.com/dolevf/graphql-cop, lib/tests), by its names, against a gateway in production.

let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: { NODE_ENV: 'production' },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

/** Refused before execution: its code, without data. */
async function refusal(query: string): Promise<unknown> {
  const { body } = await gateway.query(query);
  return [body.data, body.errors?.[0]?.extensions.code];
}

async function answer(path: string, init?: RequestInit) {
  const response = await fetch(`${gateway.url}${path}`, init);
  return { status: response.status, text: await response.text() };
}

test('field_suggestions: none, also in introspection', async () => {
  for (const query of ['query cop { __schema { directive } }', 'query cop { imageSetz }']) {
    expect(JSON.stringify((await gateway.query(query)).body)).not.toContain('Did you mean');
  }
});

test('introspection: refused', async () => {
  expect(await refusal('query cop { __schema { types { name fields { name } } } }')).toEqual([
    undefined,
    'GRAPHQL_VALIDATION_FAILED',
  ]);
});

test('detect_graphiql: no page', async () => {
  for (const path of ['', '/', 'iql', '/graphiql']) {
    const { status, text } = await answer(path, { headers: { accept: 'text/html' } });
    expect([status >= 400, /graphiql|playground/i.test(text)]).toEqual([true, false]);
  }
});

test('get_method_support: no query that a page of any origin could send', async () => {
  const { status, text } = await answer(
    `?${new URLSearchParams({ query: 'query cop {__typename}' }).toString()}`,
  );
  expect([status, (JSON.parse(text) as GraphqlResult).data]).toEqual([400, undefined]);
});

test('alias_overloading: 101 aliases are refused', async () => {
  const aliases = Array.from({ length: 101 }, (_, index) => `alias${index}:__typename`).join(' ');
  expect(await refusal(`query cop { ${aliases} }`)).toEqual([undefined, 'OPERATION_LIMIT_EXCEEDED']);
});

test('batch_query: lists of operations are refused, with an error', async () => {
  const { status, text } = await answer('', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
  });
  const { data, errors } = JSON.parse(text) as GraphqlResult;
  expect([status, data, errors?.map(({ message }) => message)]).toEqual([
    400,
    undefined,
    ['Expected one operation per request, not a list of operations.'],
  ]);
});

test('trace_mode: no tracing, even for a federation router that asks for it', async () => {
  const { body } = await gateway.query('query cop { __typename }', undefined, {
    'apollo-federation-include-trace': 'ftv1',
  });
  expect(body).toEqual({ data: { __typename: 'Query' } });
});

test('directive_overloading: an unknown directive ten times does not give ten errors', async () => {
  const { body } = await gateway.query('query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }');
  expect([body.data, body.errors?.length === 10]).toEqual([undefined, false]);
});

test('circular_query_introspection: refused', async () => {
  const query =
    'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';
  const [data] = (await refusal(query)) as unknown[];
  expect(data).toBeUndefined();
});

test('get_based_mutation: refused, with and without the header against CSRF', async () => {
  const path = `?${new URLSearchParams({ query: 'mutation cop {__typename}' }).toString()}`;
  for (const headers of [{}, { 'apollo-require-preflight': '1' }]) {
    const { text } = await answer(path, { headers });
    expect((JSON.parse(text) as GraphqlResult).data).toBeUndefined();
  }
});

test('post_based_csrf: no form that a page could submit', async () => {
  const { status, text } = await answer('', {
    method: 'POST',
    body: new URLSearchParams({ query: 'query cop { __typename }' }),
  });
  expect([status, (JSON.parse(text) as GraphqlResult).data]).toEqual([415, undefined]);
});

test('unhandled_error_detection: an error of the table, no exception', async () => {
  const { body } = await gateway.query('qwerty cop { abc }');
  expect(body).toEqual({
    errors: [
      {
        message: 'The document has a GraphQL syntax error.',
        locations: [{ line: 1, column: 1 }],
        extensions: { code: 'GRAPHQL_PARSE_FAILED', retryable: false, requestId: expect.any(String) },
      },
    ],
  });
});

test('field_duplication: a field 500 times is one field, and more are refused', async () => {
  const repeated = (count: number) => `query cop { ${'__typename \n'.repeat(count)} }`;
  expect((await gateway.query(repeated(500))).body).toEqual({ data: { __typename: 'Query' } });
  expect((await gateway.query(repeated(5_000))).body.data).toBeUndefined();
});
