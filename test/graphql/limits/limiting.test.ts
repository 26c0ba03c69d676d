import { ApolloServer } from '@apollo/server';
import { describe, expect, test } from '@jest/globals';

import type { RequestContext } from '../../../src/graphql/context.ts';
import { tokenLimitMessage } from '../../../src/graphql/errors/requestMessages.ts';
import { createLimiting, type LimitingOptions } from '../../../src/graphql/limits/limiting.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { library } from './cost/costSchema.ts';

const limits = { depth: 2, aliases: 1, rootFields: 99, directives: 9, lexicalTokens: 12, cost: 150 };

/** A form that the log lets through. */
const requestIdOf = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;

/** What a server with these limits, and nothing else, makes of documents. */
async function outcomes(
  mode: LimitingOptions['mode'],
  documents: readonly string[],
  own: Partial<typeof limits> = {},
) {
  const excesses: unknown[] = [];
  const { log, lines } = captureLog();
  const { parseOptions, validationRules, plugins } = createLimiting(
    library,
    { mode, ...limits, ...own },
    {
      rate: { perMinute: 1_000, charge: () => Promise.reject(new Error('expected nobody to be charged')) },
      log,
      metrics: { countExcess: (...excess) => excesses.push(excess) },
    },
  );
  const server = new ApolloServer<RequestContext>({
    schema: library,
    parseOptions,
    validationRules: [...validationRules],
    plugins: [...plugins],
  });
  const messages: (readonly string[])[] = [];
  for (const [index, query] of documents.entries()) {
    const contextValue = { principal: { id: '' }, requestId: requestIdOf(index), spared: [] } as never;
    const { body } = await server.executeOperation({ query }, { contextValue });
    messages.push(
      body.kind === 'single' ? (body.singleResult.errors ?? []).map(({ message }) => message) : [],
    );
  }
  const warnings = lines().map(({ level, limit, requestId, msg }) => ({ level, limit, requestId, msg }));
  return { messages, excesses, warnings };
}

const deep = '{ book { author { name } } }';
const long = '{ title title title title title title title title title title title }';
const dear = '{ a: book { name } book { name } }';

describe('limits that are enforced', () => {
  test('refuse documents beyond them, and count each once', async () => {
    const { messages, excesses, warnings } = await outcomes('enforce', [
      '{ book { name } }',
      deep,
      long,
      dear,
      '{',
      '{ nothing }',
    ]);
    expect({ messages: messages.slice(0, 4), excesses, warnings }).toEqual({
      warnings: [],
      messages: [
        [],
        ['Expected at most 2 levels of fields.'],
        [expect.stringMatching(/^Syntax Error: .*12 tokens/)],
        ['Expected a cost of at most 150. Ask for fewer rows, or for less of each.'],
      ],
      excesses: [
        ['depth', 'refused'],
        ['tokens', 'refused'],
        ['cost', 'refused'],
      ],
    });
  });

  test('allow as many tokens as they say, and as many selections with fragments in place', async () => {
    const twelve = '{ title title title title title title title title title title }';
    const { messages, excesses } = await outcomes('enforce', [twelve]);
    expect([messages, excesses]).toEqual([[[]], []]);
    // 27 tokens, and 32 selections with the fragments in place.
    const spread = `{ ${'...F '.repeat(8)} } fragment F on Query { title title title }`;
    expect((await outcomes('enforce', [spread], { lexicalTokens: 32 })).messages).toEqual([[]]);
    expect((await outcomes('enforce', [spread], { lexicalTokens: 31 })).messages).toEqual([
      ['Expected at most 31 selections, those of fragments counted at every spread.'],
    ]);
  });
});

describe('limits that only warn', () => {
  test('let documents beyond them pass, and count and log each at every request', async () => {
    const documents = ['{ book { name } }', deep, deep, long, dear];
    const { messages, excesses, warnings } = await outcomes('warn', documents);
    expect({ messages, excesses, warnings }).toEqual({
      messages: [[], [], [], [], []],
      excesses: [
        ['depth', 'passed'],
        ['depth', 'passed'],
        ['tokens', 'passed'],
        ['cost', 'passed'],
      ],
      warnings: ['depth', 'depth', 'tokens', 'cost'].map((limit, index) => ({
        level: 40,
        limit,
        requestId: requestIdOf(index + 1),
        msg: 'beyond a limit; LIMIT_MODE=warn lets it pass',
      })),
    });
  });

  test('still bound the parser', async () => {
    const { messages } = await outcomes('warn', [`{ ${'title '.repeat(100_000)} }`]);
    expect(messages).toEqual([[expect.stringContaining('100000 tokens')]]);
  });
});

describe("the parser's message", () => {
  test.each<[string, string | undefined]>([
    [
      'Syntax Error: Document contains more that 12 tokens. Parsing aborted.',
      'Expected at most 12 lexical tokens.',
    ],
    [
      'Syntax Error: Document contains more than 1000 tokens. Parsing aborted.',
      'Expected at most 1000 lexical tokens.',
    ],
    ['Syntax Error: Unexpected Name "Document contains more than 12 tokens."', undefined],
    ['Document contains more than 12 tokens.', undefined],
    ['Syntax Error: Document contains more than x tokens.', undefined],
    ['Syntax Error: Document contains more than 12 tokens', undefined],
    ['', undefined],
  ])('%j gives: %j', (message, said) => {
    expect(tokenLimitMessage(message)).toBe(said);
  });
});
