import { ApolloServer } from '@apollo/server';
import { describe, expect, test } from '@jest/globals';

import type { Principal } from '../../../../src/auth/principal.ts';
import type { RequestContext } from '../../../../src/graphql/context.ts';
import { createCostPlugin, type CostPluginOptions } from '../../../../src/graphql/limits/cost/costPlugin.ts';
import type { CostRate } from '../../../../src/graphql/limits/cost/costRate.ts';
import { library, weights } from './costSchema.ts';

/** The rate of one principal, in memory, with a record of what is charged and given back. */
function createRate(perMinute: number, available = perMinute) {
  const charges: number[] = [];
  const given: number[] = [];
  let left = available;
  const rate: CostRate = {
    perMinute,
    charge(_principal, cost) {
      const accepted = cost <= left;
      charges.push(cost);
      if (accepted) left -= cost;
      return Promise.resolve({
        accepted,
        available: left,
        resetMs: 1_500,
        giveBack(unused) {
          given.push(unused);
          left += unused;
          return Promise.resolve(left);
        },
      });
    },
  };
  return { rate, charges, given };
}

const rootValue = {
  book: { name: 'a' },
  books: { nodes: [{ name: 'a' }, { name: 'b' }], info: { more: false } },
  title: 'x',
};

async function ask(
  query: string,
  own: Partial<CostPluginOptions> & {
    readonly header?: string | undefined;
    readonly id?: string;
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly rootValue?: object;
  } = {},
) {
  const { header = '1', id = 'somebody', variables = {}, rootValue: root = rootValue, ...options } = own;
  const excesses: unknown[] = [];
  const server = new ApolloServer<RequestContext>({
    schema: library,
    rootValue: () => root,
    plugins: [
      createCostPlugin({
        schema: library,
        weights,
        maximum: 400,
        enforced: true,
        report: {
          refused: (limit) => excesses.push([limit, 'refused']),
          passed: (limit, { requestId }) => excesses.push([limit, 'passed', requestId]),
        },
        rate: createRate(10_000).rate,
        ...options,
      }),
    ],
  });
  const headers = new Map(header === '' ? [] : [['x-graphql-cost', header]]);
  const principal: Pick<Principal, 'id'> = { id };
  // The part of a context that the plugin looks at.
  const spared: RequestContext['spared'] = [];
  const contextValue = { principal, requestId: 'request-1', spared } as RequestContext;
  const http = {
    method: 'POST',
    headers: Object.assign(headers, { __identity: Symbol('HeaderMap') }),
    search: '',
    body: {},
  };
  const { body, http: answered } = await server.executeOperation(
    { query, variables: { ...variables }, http: http as never },
    { contextValue },
  );
  if (body.kind !== 'single') throw new TypeError('expected a single result');
  const { data, errors = [], extensions } = body.singleResult;
  return {
    data,
    errors: errors.map(({ message }) => message),
    cost: extensions?.['cost'],
    status: answered.status,
    retryAfter: answered.headers.get('retry-after'),
    excesses,
  };
}

const rows = '{ books(first: 9) { nodes { name } } }';
const requested = 200 + 9 * 3;
const actual = 200 + 2 * 3;

describe('an operation within its limits', () => {
  test('is charged for what it may cost, and is given back what it did not use', async () => {
    const { rate, charges, given } = createRate(1_000);
    const { cost, errors, excesses } = await ask(rows, { rate });
    const available = 1_000 - actual;
    expect({ cost, errors, excesses, charges, given }).toEqual({
      cost: { requested, actual, maximum: 400, throttle: { maximum: 1_000, available, resetMs: 1_500 } },
      errors: [],
      excesses: [],
      charges: [requested],
      given: [requested - actual],
    });
  });

  test('keeps its data and its status, and shows its cost only on request', async () => {
    for (const header of ['', '0', 'true']) {
      const { rate, given } = createRate(1_000);
      const { data, cost, status } = await ask(rows, { rate, header });
      expect({ data, cost, status, given }).toEqual({
        data: { books: { nodes: [{ name: 'a' }, { name: 'b' }] } },
        cost: undefined,
        status: undefined,
        given: [requested - actual],
      });
    }
  });

  test('is given nothing back when it used all', async () => {
    const { rate, charges, given } = createRate(1_000);
    const { cost } = await ask('{ book { name } }', { rate });
    expect({ cost, charges, given }).toEqual({
      cost: {
        requested: 100,
        actual: 100,
        maximum: 400,
        throttle: { maximum: 1_000, available: 900, resetMs: 1_500 },
      },
      charges: [100],
      given: [],
    });
  });

  test('is not charged without authentication, or when it costs nothing', async () => {
    const { rate, charges, given } = createRate(1_000);
    const anonymous = await ask(rows, { rate, id: '' });
    const free = await ask('{ title }', { rate });
    expect([anonymous.cost, free.cost, charges, given]).toEqual([
      { requested, actual, maximum: 400 },
      { requested: 0, actual: 0, maximum: 400 },
      [],
      [],
    ]);
  });

  test('costs what its variables say, defaults included', async () => {
    const query = 'query ($n: Int = 4) { books(first: $n) { nodes { name } } }';
    const costs = await Promise.all([{}, { n: 7 }].map((variables) => ask(query, { variables })));
    expect(costs.map(({ cost }) => cost)).toMatchObject([{ requested: 212 }, { requested: 221 }]);
  });

  test('costs what a refusal costs when its variables are wrong', async () => {
    const { rate, charges } = createRate(1_000);
    const query = 'query ($n: Int!) { books(first: $n) { nodes { name } } }';
    const { cost, errors } = await ask(query, { rate, variables: {} });
    expect([cost, errors.length, charges]).toEqual([undefined, 1, [10]]);
  });

  test('costs what a refusal costs when it is not valid', async () => {
    const { rate, charges } = createRate(1_000);
    for (const [index, query] of ['{ nowhere }', '{'].entries()) {
      const { cost, errors } = await ask(query, { rate });
      expect([cost, errors.length, charges]).toEqual([undefined, 1, Array<number>(index + 1).fill(10)]);
    }
  });
});

describe('an operation beyond the maximum', () => {
  test('is refused, and not executed or charged', async () => {
    const { rate, charges } = createRate(1_000);
    const { data, errors, cost, status, excesses } = await ask(rows, { rate, maximum: requested - 1 });
    expect({ data, errors, cost, status, excesses, charges }).toEqual({
      data: undefined,
      errors: [`Expected a cost of at most ${requested - 1}. Ask for fewer rows, or for less of each.`],
      cost: { requested, actual: 0, maximum: requested - 1 },
      status: 400,
      excesses: [['cost', 'refused']],
      charges: [],
    });
  });

  test('passes at the maximum itself', async () => {
    const { errors, excesses } = await ask(rows, { maximum: requested });
    expect([errors, excesses]).toEqual([[], []]);
  });

  test('is reported and passes where limits only warn, and is charged all the same', async () => {
    const { rate, charges } = createRate(1_000);
    const { data, errors, excesses } = await ask(rows, { rate, maximum: 1, enforced: false });
    expect([Object.keys(data ?? {}), errors, excesses, charges]).toEqual([
      ['books'],
      [],
      [['cost', 'passed', 'request-1']],
      [requested],
    ]);
  });
});

describe('an operation beyond the rate', () => {
  test('is refused until the principal may spend again, and is given nothing back', async () => {
    const { rate, charges, given } = createRate(1_000, requested - 1);
    const answer = await ask(rows, { rate });
    expect({ ...answer, charges, given }).toEqual({
      data: undefined,
      errors: ['You have used up the cost that is allowed per minute. Try again after retryAfterMs.'],
      cost: {
        requested,
        actual: 0,
        maximum: 400,
        throttle: { maximum: 1_000, available: requested - 1, resetMs: 1_500 },
      },
      status: 429,
      retryAfter: '2',
      excesses: [['rate', 'refused']],
      charges: [requested],
      given: [],
    });
  });

  test('is refused for good when it costs more than a whole minute’s rate, and nothing is charged', async () => {
    const { rate, charges } = createRate(requested - 1);
    const answer = await ask(rows, { rate });
    expect({ ...answer, charges }).toEqual({
      data: undefined,
      errors: [
        `Expected a cost of at most ${requested - 1}, all that one principal may spend in a minute. Ask for fewer rows, or for less of each.`,
      ],
      cost: { requested, actual: 0, maximum: 400 },
      status: 400,
      retryAfter: undefined,
      excesses: [['rate', 'refused']],
      charges: [],
    });
    expect((await ask(rows, { rate: createRate(requested).rate })).errors).toEqual([]);
  });

  test('is reported and passes where limits only warn, and nothing is taken', async () => {
    const { rate, given } = createRate(1_000, 0);
    const { errors, excesses, cost } = await ask(rows, { rate, enforced: false });
    expect({ errors, excesses, cost, given }).toEqual({
      errors: [],
      excesses: [['rate', 'passed', 'request-1']],
      cost: { requested, actual, maximum: 400, throttle: { maximum: 1_000, available: 0, resetMs: 1_500 } },
      given: [],
    });
  });
});

test('an operation whose calls failed is charged for its calls', async () => {
  const { rate, given } = createRate(1_000);
  const failing = {
    books: () => {
      throw new Error('failed');
    },
  };
  const { cost } = await ask(rows, { rate, rootValue: failing });
  expect([cost, given]).toMatchObject([{ requested, actual: 200 }, [requested - 200]]);
});
