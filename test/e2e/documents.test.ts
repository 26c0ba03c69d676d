import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { makeClone, type Clone, type Server } from '../docs/clone.ts';
import { blocksOf, documentAt, type Block } from '../docs/documents.ts';
import { runInEndToEndTests } from '../docs/notRun.ts';
import { listening } from '../support/http/listening.ts';
import { graphUrl, postQuery } from '../support/process/cli.ts';

// Blocks of the documents that test/docs/pasted.test.ts leaves to this test.

let clone: Clone;
const seen = new Set<string>();

beforeAll(async () => {
  clone = await makeClone();
});
afterAll(async () => {
  await clone[Symbol.asyncDispose]();
});

/** The one block of a document that begins like this. */
function block(document: string, beginning: string): string {
  const found = documentAt(document).blocks.filter(({ text }) => text.startsWith(beginning));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(
      `Expected one block of ${document} that begins with ${beginning}, but found ${found.length}.`,
    );
  seen.add(key(only));
  return only.text;
}

const key = ({ document, text }: Pick<Block, 'document' | 'text'>) =>
  `${document}: ${text.split('\n')[0] ?? ''}`;

async function ran(script: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, output } = await clone.run(script, environment);
  expect({ code, output }).toMatchObject({ code: 0 });
  return output;
}

describe('boto3 and the AWS CLI on the embedded HealthImaging', () => {
  /** Where their commands are found by a version manager that keeps itself in the home folder. */
  const pyenv = { PYENV_ROOT: join(homedir(), '.pyenv') };
  let local: Server;
  let datastoreId: string | undefined;

  beforeAll(async () => {
    local = await clone.serve(block('README.md', 'npm run local'));
    datastoreId = /data store (\w{32})/.exec(local.output())?.[1];
  });
  afterAll(() => local.stop());

  test.each(['README.md', 'docs/embedded-healthimaging.md'])('the CLI as %s says', async (document) => {
    const output = await ran(block(document, 'export AWS_ENDPOINT_URL'), pyenv);
    expect(JSON.parse(output)).toMatchObject({ datastoreSummaries: [{ datastoreId }] });
  });

  test('boto3 with the same variables', async () => {
    const python = `${block('README.md', 'export AWS_ENDPOINT_URL')}python3 - <<'END'\n${block('README.md', 'import boto3')}END\n`;
    const lines = (await ran(python.replace(/^aws .*$/m, ''), pyenv)).trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => !/^[\da-f]{32} \S/.test(line))).toEqual([]);
  });
});

describe('the safelist', () => {
  const manifest = 'persisted-query-manifest.json';
  const operation = `query PatientImageSets($patientId: String!) {
    imageSets(filter: { patientId: { equal: $patientId } }) { edges { node { id } } }
  }`;
  const variables = { patientId: 'SAMPLE-001' };
  /** As Apollo Client sends it. */
  const sent = operation.replace('{ id } }', '{ id __typename } __typename } __typename');

  beforeAll(async () => {
    const project = join(clone.directory, 'viewer');
    await mkdir(join(project, 'src'), { recursive: true });
    await writeFile(join(project, 'package.json'), '{ "private": true }');
    await writeFile(
      join(project, 'src/patient.tsx'),
      `import { gql } from '@apollo/client';\nexport const patient = gql\`${operation}\`;\n`,
    );
    const command = block('docs/safelist.md', 'npx');
    await ran(`cd viewer\n${command}`, networkSettings());
    await cp(join(project, manifest), join(clone.directory, manifest));
  });

  test('in audit mode, as printed, answers whatever is asked', async () => {
    const server = await clone.serve(block('docs/safelist.md', 'SAFELIST_MODE'), { PORT: '0' });
    const [, url = ''] = graphUrl.exec(server.output()) ?? [];
    expect(await postQuery(url, '{ datastore { status } }')).toEqual({
      data: { datastore: { status: 'ACTIVE' } },
    });
    await server.stop();
  });

  test('in enforce mode takes the operation of the manifest, and no other', async () => {
    const script = block('docs/safelist.md', 'SAFELIST_MODE').replace('=audit', '=enforce');
    const server = await clone.serve(script, { PORT: '0' });
    const [, url = ''] = graphUrl.exec(server.output()) ?? [];
    const { data, errors } = (await postQuery(url, sent, variables)) as {
      data: { imageSets: { edges: unknown[] } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data.imageSets.edges.length).toBeGreaterThan(0);
    expect(await postQuery(url, '{ datastore { status } }')).toMatchObject({
      errors: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }],
    });
    await server.stop();
  });
});

test('tracing sends a span of each operation', async () => {
  const bodies: Buffer[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
  });
  const { url: endpoint, close } = await listening(receiver);
  const script = block('docs/operations.md', 'npm install --prefix telemetry');
  const server = await clone.serve(script, {
    ...networkSettings(),
    PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  const [, url = ''] = graphUrl.exec(server.output()) ?? [];
  await postQuery(url, '{ imageSets(first: 1) { nodes { imageSetId } } }');
  const received = () => Buffer.concat(bodies).toString('latin1');
  while (!received().includes('healthimaging.request_id'))
    await new Promise((resolve) => setTimeout(resolve, 50));
  await server.stop();
  await close();
  expect(received()).toContain('graphql.operation.type');
  expect(received()).toContain('SearchImageSets');
  expect(received()).not.toMatch(/searchImageSets|nextToken/);
});

test('the supergraph of the example answers the crossing query', async () => {
  const document = 'examples/supergraph/README.md';
  const gateway = await clone.serve(block(document, 'npm ci && npm start'));
  await ran(block(document, 'npx node examples/supergraph/compose.ts'));
  const supergraph = await clone.serve(block(document, 'npx node examples/supergraph/gateway.ts'));
  const answer = JSON.parse(await ran(block(document, 'curl'))) as { readonly errors?: unknown };
  await supergraph.stop();
  await gateway.stop();
  expect(answer.errors).toBeUndefined();
  expect(answer).toMatchObject({ data: expect.any(Object) });
});

test('every block that is left to this test has run in it', () => {
  const left = blocksOf('sh', 'python').filter(
    ({ text }) => (text.split('\n')[0] ?? '') in runInEndToEndTests,
  );
  expect(left.map(key).filter((each) => !seen.has(each))).toEqual([]);
});

/** How this machine reaches the npm registry: npm's settings, proxies, certificates. */
function networkSettings(): Readonly<Record<string, string>> {
  const names =
    /^(npm_config_(userconfig|globalconfig|cache|registry|cafile)|.*_proxy|node_extra_ca_certs)$/i;
  const settings = Object.entries(process.env).filter(([name]) => names.test(name));
  return { ...(Object.fromEntries(settings) as Record<string, string>), npm_config_loglevel: 'error' };
}
