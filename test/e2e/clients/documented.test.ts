import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { documentAt, root } from '../../docs/documents.ts';
import { pageSize, serveRows, type ServedRows } from './rows.ts';

const run = promisify(execFile);

let served: ServedRows;
/** A client's project, with the files of docs/clients.md and with our packages. */
let project: string;

beforeAll(async () => {
  served = await serveRows();
  project = await mkdtemp(join(tmpdir(), 'client-'));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
  await write('package.json', '{ "private": true, "type": "module" }');
  for (const [name, text] of documentedFiles()) await write(name, text);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(project, { recursive: true });
});

/** Each block of code of the document begins with the name of its file. */
function documentedFiles(): [name: string, text: string][] {
  const blocks = documentAt('docs/clients.md').blocks.filter(({ language }) =>
    ['js', 'ts'].includes(language),
  );
  return blocks.map(({ text }) => {
    const name = /^\/\/ (\S+)\n/.exec(text)?.[1];
    if (name === undefined) throw new Error(`Expected the name of a file in the first line of:\n${text}`);
    return [name, text.replaceAll('http://127.0.0.1:4000/graphql', served.url)];
  });
}

async function write(name: string, text: string): Promise<void> {
  const path = join(project, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

async function output(script: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [script, ...words], { cwd: project });
  return stdout;
}

const bin = (name: string) => join(root, 'node_modules', name);

/** What the compiler says of these files; nothing when they pass. */
async function typeErrors(...files: readonly string[]): Promise<string> {
  const options =
    '--noEmit --strict --skipLibCheck --target es2024 --module esnext --moduleResolution bundler';
  const words = [...options.split(' '), '--types', 'node', ...files];
  return output(bin('typescript/bin/tsc'), ...words).catch((error: unknown) =>
    String((error as { readonly stdout: unknown }).stdout),
  );
}

const page = `
  query Page($first: Int, $after: String) {
    imageSets(first: $first, after: $after) {
      edges { cursor node { id imageSetId dicomTags { patientId } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

/** Programs that page through all rows with the documented client and print the identifiers that its cache then holds. */
const walks = {
  'apollo.ts': `
    import { gql } from '@apollo/client';
    import { client } from './apollo.ts';
    const query = gql\`${page}\`;
    const watched = client.watchQuery({ query, variables: { first: ${pageSize} } });
    watched.subscribe(() => undefined);
    let { data } = await client.query({ query, variables: { first: ${pageSize} } });
    while (data.imageSets.pageInfo.hasNextPage)
      ({ data } = await watched.fetchMore({ variables: { after: data.imageSets.pageInfo.endCursor } }));
    const held = client.readQuery({ query, variables: { first: ${pageSize} } });
    console.log(JSON.stringify(held.imageSets.edges.map(({ node }) => node.imageSetId)));
    process.exit();`,
  'urql.ts': `
    import { gql } from '@urql/core';
    import { client } from './urql.ts';
    const query = gql\`${page}\`;
    let after = null;
    let imageSets;
    do {
      ({ imageSets } = (await client.query(query, { first: ${pageSize}, after }).toPromise()).data);
      after = imageSets.pageInfo.endCursor;
    } while (imageSets.pageInfo.hasNextPage);
    console.log(JSON.stringify(imageSets.edges.map(({ node }) => node.imageSetId)));`,
};

describe('the code of docs/clients.md', () => {
  test('is of types that fit', async () => {
    expect(await typeErrors('apollo.ts', 'urql.ts', 'codegen.ts')).toBe('');
  });

  test.each(Object.entries(walks))('%s pages through all rows', async (name, program) => {
    await write(`walk-${name}.mjs`, program);
    expect(JSON.parse(await output(`walk-${name}.mjs`))).toEqual(served.imageSetIds);
  });

  test('urql with its own choice of GET is refused, as the document says', async () => {
    const text = await readFile(join(project, 'urql.ts'), 'utf8');
    await write('urqlGet.ts', text.replace('preferGetMethod: false,', ''));
    const program = `
      import { client } from './urqlGet.ts';
      const { error } = await client.query('{ datastore { id } }', {}).toPromise();
      console.log(error.graphQLErrors[0].extensions.code);`;
    await write('get.mjs', program);
    expect(await output('get.mjs')).toBe('BAD_REQUEST\n');
  });

  test('fetchSchema.mjs and codegen.ts make types that refuse a filter of two conditions', async () => {
    await output('fetchSchema.mjs');
    await write(
      'src/worklist.ts',
      `import { graphql } from './gql';
      export const worklist = graphql(\`
        query Worklist($filter: ImageSetFilter!) {
          imageSets(filter: $filter, first: 5) { edges { node { createdAt } } }
        }
      \`);`,
    );
    await output(bin('@graphql-codegen/cli/cjs/bin.js'));
    await write(
      'src/variables.ts',
      `import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
      import { worklist } from './worklist';
      type Variables = VariablesOf<typeof worklist>;
      export const one: Variables = { filter: { patientId: { equal: 'SAMPLE-001' } } };
      // @ts-expect-error
      export const two: Variables = { filter: { patientId: { equal: 'A' }, isPrimary: { equal: true } } };
      export const createdAt = (result: ResultOf<typeof worklist>): string | null | undefined =>
        result.imageSets?.edges[0]?.node.createdAt;`,
    );
    expect(await typeErrors('src/variables.ts')).toBe('');
  });

  test("Relay's compiler takes the schema that fetchSchema.mjs writes", async () => {
    await output('fetchSchema.mjs');
    await write(
      'relaySource/worklist.ts',
      `import { graphql } from 'relay-runtime';
      export const worklist = graphql\`
        query worklistQuery($filter: ImageSetFilter) {
          imageSets(filter: $filter, first: 25) @connection(key: "worklist_imageSets") {
            edges { node { imageSetId } }
          }
        }
      \`;`,
    );
    const config = { src: './relaySource', schema: './schema.graphql', language: 'typescript' };
    await write('relay.config.json', JSON.stringify(config));
    const told = await output(bin('relay-compiler/cli.js'), 'relay.config.json');
    expect(told).not.toContain('ERROR');
    expect(
      await readFile(join(project, 'relaySource/__generated__/worklistQuery.graphql.ts'), 'utf8'),
    ).toContain('connection');
  });
});
