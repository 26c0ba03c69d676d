import { startTestGateway } from '../support/gateway/testGateway.ts';
import { respond, startFaultServer } from '../support/upstream/faultServer.ts';
import { datastoreId } from '../support/upstream/fakeHealthImaging.ts';
import { wirePage } from '../support/upstream/wireSummaries.ts';

/**
 * What it costs to refuse documents, beside a query that is answered: CPU time of this process, which is client, gateway and
 * upstream, with and without what a client spends. `node test/bench/refusals.ts [requests of each kind]`
 */
const [requests = 300] = process.argv.slice(2).map(Number);
const upstream = await startFaultServer((socket, request) =>
  respond(200, JSON.stringify(wirePage(25)), { 'content-type': 'application/json' })(socket, request),
);
const gateway = await startTestGateway({ endpoint: upstream.url, datastoreIds: [datastoreId] });

let number = 0;
/** Makes each document another, so that none is taken from the cache of those that were validated. */
const unique = (document: string) => {
  number += 1;
  return document.replace('query Q', `query Q${number}`);
};
const many = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => `${text}${index}`).join(' ');

const documents: Readonly<Record<string, string>> = {
  'a query of 25 rows, answered':
    'query Q { imageSets { edges { cursor node { id version dicomTags { patientName } } } } }',
  '330 wrong fields': `query Q { ${many(330, 'wrong')} }`,
  '330 wrong fields below the root': `query Q { imageSets { nodes { ${many(330, 'wrong')} } } }`,
  '330 near misses of names': `query Q { imageSets { nodes { ${many(330, 'imageSetI')} } } }`,
  '125,000 blanks': `query Q { ${' '.repeat(125_000)} }`,
  '125,000 commas': `query Q { ${','.repeat(125_000)} }`,
  'a comment of 125,000 characters': `query Q { #${'x'.repeat(125_000)}\n }`,
  'a text of 125,000 characters': `query Q { imageSet(imageSetId: "${'x'.repeat(125_000)}", wrong: 1) { id } }`,
  '240 fields that overlap': `query Q { imageSets { ${'nodes { id } '.repeat(240)} wrong } }`,
  '50 fields that overlap, and a wrong one': `query Q { imageSets { ${'nodes { id } '.repeat(50)} wrong } }`,
  '980 fields of one name, and a wrong one': `query Q { imageSets { nodes { ${'id '.repeat(980)} wrong } } }`,
  '90 fragments that are not used': `query Q { __typename } ${Array.from({ length: 90 }, (_, index) => `fragment F${index} on Query { __typename }`).join(' ')}`,
  '160 variables that are not used': `query Q(${Array.from({ length: 160 }, (_, index) => `$v${index}: Int`).join(' ')}) { __typename }`,
  '100,000 tokens': `query Q { ${'a '.repeat(50_000)} }`,
};

async function cpuMs(document: string): Promise<number> {
  for (let count = 0; count < requests / 3; count += 1) await gateway.query(unique(document));
  const before = process.cpuUsage();
  for (let count = 0; count < requests; count += 1) await gateway.query(unique(document));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / requests;
}

const rows: [string, number][] = [];
for (const [name, document] of Object.entries(documents)) rows.push([name, await cpuMs(document)]);
const [, normal = Number.NaN] = rows[0] ?? [];
const lines = rows.map(([name, ms]) => `| ${name} | ${ms.toFixed(2)} | ${(ms / normal).toFixed(2)} |`);
process.stdout.write(`| document | CPU ms | times the first |\n| --- | --- | --- |\n${lines.join('\n')}\n`);
await gateway[Symbol.asyncDispose]();
await upstream.close();
