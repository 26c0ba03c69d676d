import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { isServer, makeClone, type Clone, type Server } from './clone.ts';
import { blocksOf, documentAt, documents, type Block } from './documents.ts';
import { isPrinted, notRun, runInEndToEndTests } from './notRun.ts';
import { postQuery } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(90_000);

let clone: Clone;
/** As the README's first command starts it. */
let gateway: Server;
let url: string;

beforeAll(async () => {
  clone = await makeClone();
  const [start] = documentAt('README.md').blocks;
  gateway = await clone.serve(start?.text ?? '');
  url = `http://127.0.0.1:${clone.ports[4000]}/graphql`;
});
afterAll(async () => {
  await gateway.stop();
  await clone[Symbol.asyncDispose]();
});

const firstLine = ({ text }: Block) => text.split('\n')[0] ?? '';
const withoutComments = (block: Block | undefined) => block?.text.replaceAll(/ +#.*$/gm, '');
const placed = (blocks: readonly Block[]) =>
  blocks.map((block) => [`${block.place} ${firstLine(block)}`, block] as const);

interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
}

/** How many items all lists of an answer have. */
function rowsIn(value: unknown): number {
  if (Array.isArray(value)) return value.length + value.reduce<number>((sum, item) => sum + rowsIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + rowsIn(item), 0);
}

const findsNoRows = 'finds no rows';

describe('each query of the documents, pasted', () => {
  const queries = blocksOf('graphql');

  test('there are some, and their marks are known', () => {
    expect(queries.length).toBeGreaterThan(10);
    expect(queries.map(({ mark }) => mark ?? findsNoRows).every((mark) => mark === findsNoRows)).toBe(true);
  });

  test.each(placed(queries))('%s', async (_title, { text, mark }) => {
    const { data, errors } = (await postQuery(url, text)) as Answer;
    expect(errors).toBeUndefined();
    if (mark === findsNoRows) expect(rowsIn(data)).toBe(0);
    else expect(rowsIn(data)).toBeGreaterThan(0);
  });

  const paging = queries.filter(({ text }) => text.includes('$after: String'));
  test.each(placed(paging))('%s, and on from its endCursor', async (_title, { text }) => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 1; page <= 3; page += 1) {
      const { data, errors } = (await postQuery(url, text, { after })) as Answer;
      expect(errors).toBeUndefined();
      const { imageSets } = data as {
        imageSets: { edges: { node: { imageSetId: string } }[]; pageInfo: { endCursor: string } };
      };
      seen.push(...imageSets.edges.map(({ node }) => node.imageSetId));
      after = imageSets.pageInfo.endCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([30, 30]);
  });
});

describe('each command of the documents, in a shell in a clone', () => {
  const [start] = documentAt('README.md').blocks;
  const commands = blocksOf('sh').filter((block) => !(firstLine(block) in runInEndToEndTests));
  /** What is printed in several places is run once; the gateway of the README's first block is running. */
  const others = commands.filter(
    (block, index) =>
      withoutComments(block) !== withoutComments(start) &&
      commands.findIndex((each) => withoutComments(each) === withoutComments(block)) === index,
  );

  test.each(placed(others))('%s', async (_title, { text }) => {
    if (!isServer(text)) {
      const { code, output } = await clone.run(text);
      expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('"errors"') });
      return;
    }
    await serveAndAsk(text);
  });

  /** AWS is the embedded HealthImaging, so that no test leaves this machine. */
  async function serveAndAsk(text: string): Promise<void> {
    const [endpoint] = /http:\S+(?=, data store)/.exec(gateway.output()) ?? [];
    const onAws = text.includes('HEALTHIMAGING_DATASTORE_IDS');
    const aws = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    const standIn = { ...aws, AWS_ENDPOINT_URL_MEDICAL_IMAGING: endpoint ?? '' };
    const server = await clone.serve(text, { PORT: '0', ...(onAws && standIn) });
    const [served] = /(?<=^The graph: )\S+/m.exec(server.output()) ?? [];
    const answer =
      served && ((await postQuery(served, '{ imageSets(first: 1) { nodes { id } } }')) as Answer);
    await server.stop();
    if (answer && !onAws) expect(rowsIn(answer.data)).toBe(1);
  }
});

test('what is not run is printed somewhere', () => {
  const scripts = blocksOf('sh').map(({ text }) => text);
  expect(notRun.filter((each) => !scripts.some((script) => isPrinted(each, script)))).toEqual([]);
  const printed = new Set(blocksOf('sh', 'python').map(firstLine));
  expect(Object.keys(runInEndToEndTests).filter((line) => !printed.has(line))).toEqual([]);
});

test('fenced blocks are of languages that a test knows', () => {
  const known = ['graphql', 'sh', 'python', 'ts', 'js', 'json'];
  const languages = documents.flatMap(({ blocks }) => blocks.map(({ language }) => language));
  expect([...new Set(languages)].filter((language) => !known.includes(language))).toEqual([]);
});
