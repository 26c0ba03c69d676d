import { createGateway } from '../../src/gateway.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log/log.ts';
import { datastoreId } from '../support/upstream/fakeHealthImaging.ts';
import { startUpstream } from './peers/processes.ts';
import { loads } from './peers/loads.ts';

/**
 * Documents that never repeat, with the projection and by graphql-js alone: what this process takes for each, its client included.
 * `node test/bench/documents.ts [documents a round] [rounds]`; the two take turns.
 */
const [documents = 1_000, rounds = 7] = process.argv.slice(2).map(Number);

const template = loads['documents'];
if (template === undefined) throw new Error('Expected a load of documents.');
const { document, first } = template;
await using upstream = await startUpstream();
process.env['AWS_ACCESS_KEY_ID'] = 'AKIDSYNTHETIC';
process.env['AWS_SECRET_ACCESS_KEY'] = 'synthetic';

const start = (projection: boolean) =>
  createGateway({
    config: loadConfig({ PORT: '0', HEALTHIMAGING_SEARCH_RATE: 'unlimited' }),
    upstream: { datastoreIds: [datastoreId], region: 'us-east-1', endpoint: upstream.url, embedded: false },
    log: createLog({ level: 'silent', readable: false }),
    projection,
  });
const gateways = { projection: await start(true), 'graphql-js alone': await start(false) };
type Way = keyof typeof gateways;
const ways = Object.keys(gateways) as Way[];

let number = 0;

/** CPU microseconds for each document. */
async function measure(way: Way): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < documents; count += 1) {
    number += 1;
    const response = await fetch(`${gateways[way].url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: document.replaceAll('NUMBER', String(number)),
        variables: { patientId: `PAGE-${number}`, first },
      }),
    });
    const text = await response.text();
    if (response.status !== 200 || text.includes('"errors"'))
      throw new Error(`Expected an answer, not ${text}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / documents;
}

const measured: Record<Way, number[]> = { projection: [], 'graphql-js alone': [] };
// The first round is for V8 to compile.
for (let round = 0; round <= rounds; round += 1) {
  for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
    const microseconds = await measure(way);
    if (round > 0) measured[way].push(microseconds);
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
const ratios = measured['graphql-js alone'].map((each, round) => each / (measured.projection[round] ?? each));
process.stdout.write(
  `${documents} documents that never repeat, medians of ${rounds} rounds: ` +
    `${ways.map((way) => `${way} ${Math.round(median(measured[way]))} µs`).join(', ')} of CPU a document; ` +
    `the projection ${median(ratios).toFixed(2)} times graphql-js (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})\n`,
);
for (const way of ways) await gateways[way].close();
