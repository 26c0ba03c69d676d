import { HeaderMap } from '@apollo/server';
import { expect, test } from '@jest/globals';
import { assertObjectType, assertScalarType, buildSchema as parseSchema, type GraphQLSchema } from 'graphql';

import { anonymousPrincipal } from '../../../src/auth/principal.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { createApollo, type ApolloOptions } from '../../../src/graphql/apollo.ts';
import type { RequestContext } from '../../../src/graphql/context.ts';
import { requestScope } from '../../../src/graphql/telemetry/requestScope.ts';
import { captureLog } from '../../support/capturedLog.ts';

const secret = 'Sample_Ada';
const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';

/** A schema whose resolver and whose scalar throw a TypeError that quotes what they were given. */
function brokenSchema(): GraphQLSchema {
  const schema = parseSchema('scalar Day type Query { patients(id: ID, on: Day): String, fine: String }');
  const { patients } = assertObjectType(schema.getType('Query')).getFields();
  const day = assertScalarType(schema.getType('Day'));
  const fail = () => {
    throw new TypeError(`no patient ${secret}`);
  };
  Object.assign(patients ?? {}, { resolve: fail });
  Object.assign(day, { parseValue: fail, parseLiteral: fail });
  return schema;
}

/** The response to an operation over HTTP, and what is counted and logged of it. */
async function answered(query: string, variables: object = {}, options: Partial<ApolloOptions> = {}) {
  const { log, lines, text } = captureLog();
  const counted: ErrorCode[] = [];
  const apollo = createApollo({
    schema: brokenSchema(),
    introspection: false,
    limiting: { firstPlugin: {}, parseOptions: {}, validationRules: [], plugins: [] },
    auditing: undefined,
    countError: (code) => counted.push(code),
    projection: undefined,
    safelist: { plugins: [], registeredName: () => undefined },
    log,
    observeOperation: () => undefined,
    ...options,
  });
  await apollo.start();
  const context = async () =>
    Promise.resolve({
      requestId,
      spared: [],
      principal: anonymousPrincipal([]),
    } as unknown as RequestContext);
  const headers = new HeaderMap([['content-type', 'application/json']]);
  const httpGraphQLRequest = { method: 'POST', headers, search: '', body: { query, variables } };
  const operation = { type: undefined, name: undefined, errorCodes: new Set<ErrorCode>() };
  const { status, body } = await requestScope.run({ requestId, operation }, () =>
    apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context }),
  );
  await apollo.stop();
  const response: unknown = body.kind === 'complete' ? JSON.parse(body.string) : undefined;
  return { status, response, counted, lines: lines(), text: text() };
}

const place: unknown = expect.arrayContaining([
  expect.stringMatching(/^test\/graphql\/errors\/internalError\.test\.ts:/),
]);
const line = { level: 50, time: expect.any(Number) };
const logged = {
  ...line,
  code: 'INTERNAL_SERVER_ERROR',
  err: { type: 'TypeError', at: place },
  requestId,
  msg: 'internal error',
};
const internal = {
  message: expect.any(String),
  extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
};

test('a bug in a resolver fails its field, and is logged once, by class and place', async () => {
  const { status, response, counted, lines, text } = await answered(`{ fine ${secret}: patients }`);
  expect(response).toEqual({
    data: { fine: null, [secret]: null },
    errors: [{ ...internal, locations: [{ line: 1, column: 8 }], path: [secret] }],
  });
  expect([status, counted]).toEqual([undefined, ['INTERNAL_SERVER_ERROR']]);
  expect(lines).toEqual([{ ...logged, field: 'patients' }]);
  expect(text).not.toContain(secret);
});

test.each<[string, string, object]>([
  ['a variable', 'query ($on: Day) { patients(on: $on) }', { on: secret }],
  ['the document', `{ patients(on: "${secret}") }`, {}],
])('a bug in a scalar that reads %s is a 500, not wrong input', async (_place, query, variables) => {
  const { status, response, counted, lines, text } = await answered(query, variables);
  expect(response).toMatchObject({ errors: [internal] });
  expect([status, counted]).toEqual([500, ['INTERNAL_SERVER_ERROR']]);
  expect(lines).toEqual([logged]);
  expect(text + JSON.stringify(response)).not.toContain(secret);
});

test('a bug in a plugin is a 500, logged once; of Apollo Server’s message about it only the place is logged', async () => {
  const { status, response, counted, lines, text } = await answered(
    `query ${secret} { fine }`,
    {},
    {
      observeOperation() {
        throw new TypeError(`no patient ${secret}`);
      },
    },
  );
  expect(response).toEqual({ errors: [internal] });
  expect([status, counted]).toEqual([500, ['INTERNAL_SERVER_ERROR']]);
  expect(lines).toEqual([
    logged,
    {
      ...line,
      err: {
        type: 'Error',
        at: expect.arrayContaining([expect.stringContaining('node_modules/@apollo/server/')]),
      },
      msg: 'a message of Apollo Server',
    },
  ]);
  expect(text).not.toContain(secret);
});
