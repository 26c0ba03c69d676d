import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import type { Flood } from '../../support/process/floodProcess.ts';
import { openSocket } from '../../support/http/rawRequest.ts';
import { startAuthorizedGateway, type AuthorizedGateway } from '../../support/gateway/authorizedGateway.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

/** A victim beside each attack: its answers are all there. How long they took alone and beside it is printed as a table. */
jest.setTimeout(120_000);

const floodScript = fileURLToPath(new URL('../../support/process/floodProcess.ts', import.meta.url));

/** HealthImaging takes about that long for a search, in milliseconds. */
const latencyMs = 40;
const hangingDatastoreId = 'h'.repeat(32);

let local: Local;
let upstream: RecordingProxy;
let gateway: AuthorizedGateway;
const rows: string[] = [];

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(500) });
  upstream = await startRecordingProxy(local.url, {
    delayOf: ({ path }) => (path.includes(hangingDatastoreId) ? Number.POSITIVE_INFINITY : latencyMs),
    faultOf: ({ path }) => (path.endsWith('/getImageSet') ? 500 : undefined),
  });
  gateway = await startAuthorizedGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId, hangingDatastoreId],
    // The account's own rate, which is none over another endpoint.
    environment: {
      COST_PER_MINUTE: '100000000',
      HEALTHIMAGING_SEARCH_RATE: '25',
      HEALTHIMAGING_SEARCH_BURST: '50',
    },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
  process.stdout.write(
    [
      '| attack | answers | p50 alone, ms | p50 beside, ms | times |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n'),
  );
});

const bearer = (sub: string) => gateway.bearer({ sub, scope: 'user/ImagingStudy.rs' });
const search =
  'query ($id: String!) { imageSets(first: 10, filter: { patientId: { equal: $id } }) { nodes { id } } }';

/** What a client sees that searches at a steady pace; each search is another. */
async function victim(name: string, count = 40): Promise<{ answered: number; p50: number }> {
  const headers = bearer('victim');
  const times: number[] = [];
  let answered = 0;
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now();
    const { status, body } = await gateway.query(search, { id: `PATIENT-${number % 20}-${name}` }, headers);
    times.push(performance.now() - startedAt);
    if (status === 200 && body.errors === undefined) answered += 1;
    await delay(25);
  }
  return { answered, p50: times.toSorted((one, other) => one - other)[count >> 1] ?? Number.NaN };
}

async function beside(attack: string, begin: () => Promise<() => Promise<unknown>>): Promise<void> {
  const alone = await victim(`${attack} alone`);
  const end = await begin();
  const attacked = await victim(`${attack} beside`);
  await end();
  const times = (attacked.p50 / alone.p50).toFixed(1);
  rows.push(
    `| ${attack} | ${attacked.answered}/40 | ${alone.p50.toFixed(1)} | ${attacked.p50.toFixed(1)} | ${times} |`,
  );
  expect([alone.answered, attacked.answered]).toEqual([40, 40]);
}

function head(sub: string, length: number): string {
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: ${bearer(sub).authorization}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
}

async function open(count: number, bytes: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let number = 0; number < count; number += 1) {
    const socket = await openSocket(gateway.url);
    socket.on('error', () => undefined);
    socket.write(bytes);
    sockets.push(socket);
  }
  return sockets;
}

test('1,050 bodies of one token that never come to their end', () =>
  beside('1,050 unfinished bodies of one token', async () => {
    const sockets = await open(1_050, `${head('attacker', 1_000)}{"query":`);
    return async () => {
      for (const socket of sockets) socket.destroy();
      await delay(100);
    };
  }));

test('readers who take nothing of large answers', () =>
  beside('100 readers of 500 rows that take nothing', async () => {
    const query = JSON.stringify({
      query:
        '{ imageSets(first: 500) { edges { cursor node { id dicomTags { patientName studyDescription } } } } }',
    });
    const sockets = await open(100, head('attacker', query.length) + query);
    for (const socket of sockets) socket.pause();
    return async () => {
      for (const socket of sockets) socket.destroy();
      await delay(100);
    };
  }));

/** Sends requests from a process of its own, and gives the function that ends it. */
async function flood(atOnce: number, query: string, variables: object = {}): Promise<() => Promise<unknown>> {
  const settings: Flood = {
    url: gateway.url,
    headers: { 'content-type': 'application/json', ...bearer('attacker') },
    atOnce,
    body: JSON.stringify({ query, variables }),
  };
  const child = fork(floodScript, [JSON.stringify(settings)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await once(child, 'message');
  await delay(500);
  return async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    await delay(500);
  };
}

test('a flood of searches of one principal, beyond the account’s rate', () =>
  beside('200 searches of one principal at a time', () => flood(200, search, { id: 'flood-NUMBER' })));

/** Those that are not closed, by data store and group of operations. */
async function openBreakers(): Promise<string[]> {
  const metrics = await fetch(`${gateway.gateway.url}/metrics`);
  const open =
    /^healthimaging_graphql_breaker_state\{state="(?:open|half_open)",datastore="(\w+)",operations="(\w+)"\} 1$/gm;
  return [...(await metrics.text()).matchAll(open)].map(([, datastore, group]) => `${datastore} ${group}`);
}

/** The attack, from when its breaker is open on; that of the victim's searches stays closed. */
async function untilOpen(breaker: string, attack: () => Promise<() => Promise<unknown>>) {
  const end = await attack();
  let open: string[] = [];
  for (let tries = 0; !open.includes(breaker) && tries < 300; tries += 1) {
    await delay(100);
    open = await openBreakers();
  }
  if (open.includes(breaker) && !open.includes(`${local.datastoreId} search`)) return end;
  await end();
  throw new Error(`Expected the breaker of ${breaker} to be open, and got: ${open.join()}.`);
}

test('a flood of searches in a data store that does not answer', () => {
  const elsewhere =
    'query ($in: ID!, $id: String!) { imageSets(datastoreId: $in, first: 10, filter: { patientId: { equal: $id } }) { nodes { id } } }';
  return beside('50 searches at a time in a data store that hangs', () =>
    untilOpen(`${hangingDatastoreId} search`, () =>
      flood(50, elsewhere, { in: hangingDatastoreId, id: 'flood-NUMBER' }),
    ),
  );
});

test('a flood of reads that fail in the same data store', () =>
  beside('50 reads at a time that HealthImaging fails', () =>
    untilOpen(`${local.datastoreId} image_sets`, () =>
      flood(50, `{ imageSet(imageSetId: "${'0'.repeat(32)}") { properties { state } } }`),
    ),
  ));

test('a flood of documents that are refused', () => {
  const wrong = Array.from({ length: 330 }, (_, index) => `wrong${index}`).join(' ');
  return beside('20 senders of refused documents', () => flood(20, `{ ${wrong} }`));
});

test('a router alone gets every place: none of its 1,000 bodies at once is refused', async () => {
  const query = '{"query":"{ __typename }"}';
  const sockets = await open(1_000, head('router', query.length));
  await delay(300);
  const statuses = sockets.map(async (socket) => {
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(query);
    const [bytes] = await answer;
    socket.destroy();
    return bytes.toString('latin1', 9, 12);
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set(['200']));
});
