import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { expect, test } from '@jest/globals';
import { buildSchema as parseSchema } from 'graphql';

import { anonymousPrincipal, type Grant } from '../../../src/auth/principal.ts';
import { GatewayError, type ErrorCode } from '../../../src/errors.ts';
import { createApollo } from '../../../src/graphql/apollo.ts';
import type { RequestContext } from '../../../src/graphql/context.ts';
import { createFormatError } from '../../../src/graphql/errors/formatError.ts';
import { refuse } from '../../../src/graphql/errors/refuse.ts';
import { inOrder } from '../../../src/graphql/errors/inOrder.ts';
import type { CostRate } from '../../../src/graphql/limits/cost/costRate.ts';
import { createLimiting } from '../../../src/graphql/limits/limiting.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { captureLog } from '../../support/capturedLog.ts';

const schema = parseSchema('type Query { any: String }');
const formatError = createFormatError({ schema, hideNames: false });

/** Which of three plugins are called, and the codes that operations of these delays and refusals are answered with. */
async function outcome(plugins: readonly { readonly waits?: number; readonly refuses?: ErrorCode }[]) {
  const called: string[] = [];
  const server = new ApolloServer({
    schema,
    formatError: (_formatted, error) => formatError(error),
    plugins: inOrder(
      plugins.map(({ waits, refuses }, index): ApolloServerPlugin => ({
        async requestDidStart() {
          await Promise.resolve();
          return {
            async didResolveOperation() {
              called.push(`asked ${index}`);
              if (waits !== undefined) await new Promise((resolve) => setTimeout(resolve, waits));
              if (refuses !== undefined) refuse(new GatewayError(refuses));
            },
            async willSendResponse() {
              called.push(`sends ${index}`);
              await Promise.resolve();
            },
          };
        },
      })),
    ),
  });
  const { body } = await server.executeOperation({ query: '{ any }' });
  await server.stop();
  const { errors } = body.kind === 'single' ? body.singleResult : {};
  return { called, codes: errors?.map(({ extensions }) => extensions?.['code']) };
}

const sends = ['sends 0', 'sends 1', 'sends 2'];

test('each plugin is called once those before it have let the operation pass', async () => {
  expect(await outcome([{ waits: 20 }, {}, { waits: 1 }])).toEqual({
    called: ['asked 0', 'asked 1', 'asked 2', ...sends],
    codes: undefined,
  });
});

test('no plugin is called after one that refuses, and its refusal is the response', async () => {
  expect(await outcome([{}, { waits: 20, refuses: 'FORBIDDEN' }, { refuses: 'RATE_LIMITED' }])).toEqual({
    called: ['asked 0', 'asked 1', ...sends],
    codes: ['FORBIDDEN'],
  });
});

test('a plugin without the hook lets everything pass', async () => {
  const server = new ApolloServer({
    schema,
    plugins: inOrder([
      {},
      { requestDidStart: () => Promise.resolve() },
      { requestDidStart: () => Promise.resolve({ didResolveOperation: () => Promise.resolve() }) },
    ]),
  });
  const { body } = await server.executeOperation({ query: '{ any }' });
  await server.stop();
  expect(body).toMatchObject({ kind: 'single', singleResult: { data: { any: null } } });
});

test('neither a forbidden operation nor one with wrong variables is charged for more than its refusal', async () => {
  const charged: number[] = [];
  const graph = buildSchema({ scopeDirectives: false });
  const { log } = captureLog();
  const limits = { depth: 9, aliases: 9, rootFields: 9, directives: 9, lexicalTokens: 99, cost: 10_000 };
  const rate: CostRate = {
    perMinute: 10_000,
    async charge(_principal, cost) {
      charged.push(cost);
      return Promise.resolve({
        ...{ accepted: true, available: 1, resetMs: 1 },
        giveBack: () => Promise.resolve(1),
      });
    },
  };
  const apollo = createApollo({
    schema: graph,
    introspection: true,
    limiting: createLimiting(
      graph,
      { mode: 'enforce', ...limits },
      { rate, log, metrics: { countExcess: () => undefined } },
    ),
    auditing: undefined,
    countError: () => undefined,
    projection: undefined,
    safelist: { plugins: [], registeredName: () => undefined },
    log,
    observeOperation: () => undefined,
  });
  await apollo.start();
  const codesOf = async (query: string, variables: Record<string, unknown>, grant: Partial<Grant>) => {
    const anonymous = anonymousPrincipal([]);
    const principal = { ...anonymous, id: 'somebody', grant: { ...anonymous.grant, ...grant } };
    const contextValue = { principal, spared: [] } as unknown as RequestContext;
    const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
    const { errors } = body.kind === 'single' ? body.singleResult : {};
    return errors?.map(({ extensions }) => extensions?.['code']);
  };
  const query = 'query ($first: Int) { imageSets(first: $first) { nodes { imageSetId } } }';
  expect(await codesOf(query, { first: 5 }, { search: false })).toEqual(['FORBIDDEN']);
  expect(await codesOf(query, { first: 'x' }, {})).toEqual(['BAD_USER_INPUT']);
  // What a refusal costs, not the operation.
  expect(charged).toEqual([10, 10]);
  await codesOf(query, { first: 5 }, {});
  expect(charged).toHaveLength(3);
  await apollo.stop();
});
