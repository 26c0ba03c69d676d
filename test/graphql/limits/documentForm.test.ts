import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, visit } from 'graphql';

import { buildSchema } from '../../../src/graphql/schema.ts';
import { documentForm } from '../../../src/graphql/limits/documentForm.ts';
import { captureLog, type CapturedLog } from '../../support/capturedLog.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';
import { randomOperation } from '../../support/randomOperation.ts';

describe('the form of a document', () => {
  test.each<[string, string, Partial<ReturnType<typeof documentForm>>]>([
    ['has no levels', 'a b', { levels: 0, lines: 1, longestName: 1 }],
    ['has those of its brackets', '{ a(x: [{ b: 1 }]) { c } }', { levels: 4 }],
    ['has those of all its parts', '{ a { b } } fragment F on Q { a { b { c } } }', { levels: 5 }],
    ['has none in strings', '{ a(x: "{[(", y: "\\"{", z: """{ " \\""" {""") { b } }', { levels: 2 }],
    ['has none in comments', '{ a # {{{ "\n { b } }', { levels: 2, lines: 2 }],
    ['has brackets after a string that is not closed', '{ a(x: "\n{{', { levels: 4, lines: 2 }],
    ['takes what is closed too often', '}}} { a }', { levels: 1 }],
    ['has lines in block strings that end otherwise', '"""\r\r""" # \r', { lines: 4 }],
    ['has lines in block strings', '"""\n\n""" { a }\r\n', { lines: 5 }],
    ['has names of letters, digits and underscores', '{ aB_9 é bb }', { longestName: 4 }],
  ])('%s', (_what, source, expected) => {
    expect(documentForm(source)).toMatchObject(expected);
  });

  test('has at least the levels that a parser finds', () => {
    fc.assert(
      fc.property(randomOperation(buildSchema(), {}), ({ query: document }) => {
        let [level, deepest, sum] = [0, 0, 0];
        const bracketed = new Set<string>(['SelectionSet', 'ObjectValue', 'ListValue', 'ListType']);
        const definitions = new Set<string>(['OperationDefinition', 'FragmentDefinition']);
        visit(parse(document), {
          enter({ kind }) {
            if (bracketed.has(kind)) deepest = Math.max(deepest, (level += 1));
          },
          leave({ kind }) {
            if (bracketed.has(kind)) level -= 1;
            if (definitions.has(kind)) {
              sum += deepest;
              deepest = 0;
            }
          },
        });
        expect(documentForm(document).levels).toBeGreaterThanOrEqual(sum);
      }),
      { numRuns: 500 },
    );
  });
});

const again = (count: number, text: string) => text.repeat(count);

/** Documents that run out of stack somewhere in graphql-js or in what bounds them, and those that take long to refuse. */
const hostile: readonly (readonly [string, string, string])[] = [
  ['inline fragments', `{ datastore { id ${again(2_000, '...{')} id ${again(2_000, '}')} } }`, 'levels'],
  [
    'fragments in a chain',
    `{ ...f0 } ${Array.from({ length: 1_600 }, (_, index) => `fragment f${index} on Query { ...f${index + 1} }`).join(' ')} fragment f1600 on Query { __typename }`,
    'levels',
  ],
  ['fields', `{ ${again(9_000, 'datastore {')} id ${again(9_000, '}')} }`, 'levels'],
  [
    'types',
    `query ($a: ${again(4_200, '[')} Int ${again(4_200, ']')}) { __typename @skip(if: $a) }`,
    'levels',
  ],
  [
    'a filter',
    `{ imageSets(filter: ${again(2_400, '{ and: [')} { isPrimary: true } ${again(2_400, '] }')}) { nodes { id } } }`,
    'levels',
  ],
  [
    'an argument of any form',
    `{ _entities(representations: [${again(2_400, '{ a: ')} 1 ${again(2_400, '}')}]) { __typename } }`,
    'levels',
  ],
  [
    'introspection',
    `{ __schema { queryType { ${again(1_600, 'ofType {')} name ${again(1_600, '}')} } } }`,
    'levels',
  ],
  ['lines', `${again(100_000, '\n')}{ imageSets { nodes { nothing } } }`, 'lines'],
  ['lines', `{ imageSets(datastoreId: """${again(100_000, '\r')}""") { nodes { nothing } } }`, 'lines'],
  ['letters of a field', `{ ${again(200_000, 'x')} }`, 'names'],
  ['letters of a member', `{ imageSets(sort: { field: ${again(200_000, 'U')} }) { nodes { id } } }`, 'names'],
];

describe('a document that would take too much to read', () => {
  let local: Local;
  let gateway: TestGateway;
  let captured: CapturedLog;

  beforeAll(async () => {
    local = await withLocal({ imageSets: manyImageSets(2) });
    captured = captureLog();
  });
  afterAll(() => local.close());

  describe.each<[string, Record<string, string>]>([
    ['limits as they are', {}],
    ['more lexical tokens', { LIMIT_TOKENS: '100000' }],
    ['limits that only warn', { LIMIT_TOKENS: '100000', LIMIT_MODE: 'warn' }],
  ])('with %s', (_mode, environment) => {
    beforeAll(async () => {
      gateway = await startTestGateway({
        ...{ endpoint: local.url, datastoreIds: [local.datastoreId], environment, log: captured.log },
      });
    });
    afterAll(async () => {
      await gateway[Symbol.asyncDispose]();
    });

    test.each(hostile)('is refused by its %s', async (_by, document, what) => {
      const { status, body } = await gateway.query(document);
      expect([status, body.errors?.length, body.errors?.[0]?.extensions.code]).toEqual([
        200,
        1,
        'OPERATION_LIMIT_EXCEEDED',
      ]);
      expect(body.errors?.[0]?.message).toMatch(new RegExp(`^Expected .*${what}`));
      expect(captured.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
    });

    test('is none that is long, or has a long name in a string', async () => {
      const { body } = await gateway.query(
        `{ imageSets(filter: { patientId: { equal: "${again(60, 'x')}" } }) { nodes { id } } } # ${again(5_000, 'x')}`,
      );
      expect(body.errors).toBeUndefined();
    });

    test('is one whose hash is known, too, and is not remembered', async () => {
      const document = `{ ${again(1_200, 'datastore {')} id ${again(1_200, '}')} }`;
      const sha256Hash = 'a'.repeat(64);
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
      });
      expect(JSON.stringify(await response.json())).toContain('OPERATION_LIMIT_EXCEEDED');
    });
  });

  test('is one whose variable has a member of an enumeration with very many letters', async () => {
    await using one = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
    const { body } = await one.query(
      'query ($sort: ImageSetSort) { imageSets(sort: $sort) { nodes { id } } }',
      { sort: { field: again(200_000, 'U'), order: 'ASC' } },
    );
    expect(body.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^Variable "\$sort" at field: expected ImageSetSortField: one of /),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
