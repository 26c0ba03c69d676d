import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import { wireSummary } from '../../support/upstream/wireSummaries.ts';

// A HealthImaging of canned rows in a process of its own, sorted by updatedAt, the newest first. Its argument is how long it
// takes to answer, in milliseconds. It counts the calls that it is asked for.

const [latencyMs = 0] = process.argv.slice(2).map(Number);
/** As many as a walk reads; from there on they begin again. */
const rowCount = 1_000;
/** When the first row was updated, in seconds since 1970; each row after it a second earlier. */
const newest = 1_764_000_000;
const names = ['Sample^Ada', "Sample^O'Hara", 'Sample^Zoë', 'サンプル^花子', null];

const rows = Array.from({ length: rowCount }, (_, index) =>
  JSON.stringify({
    ...wireSummary(index, { DICOMPatientName: names[index % names.length] }),
    createdAt: newest - index - 10_000.25,
    updatedAt: newest - index,
  }),
);

interface Filter {
  readonly operator: string;
  readonly values: readonly { readonly updatedAt?: number }[];
}

/** The first row at or before the end of the search's range of updatedAt. */
function startOf(body: string): number {
  const { filters = [] } = JSON.parse(body) as { readonly filters?: readonly Filter[] };
  const range = filters.find(({ values }) => values[0]?.updatedAt !== undefined);
  return Math.max(0, Math.ceil(newest - (range?.values[1]?.updatedAt ?? newest)));
}

let calls = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  calls += 1;
  const { searchParams } = new URL(request.url ?? '', 'http://upstream');
  const body = await text(request);
  const token = searchParams.get('nextToken');
  const start = token === null ? startOf(body) : Number(token.split('.')[0]);
  const count = Number(searchParams.get('maxResults') ?? 50);
  const page = Array.from({ length: count }, (_, index) => rows[(start + index) % rowCount]);
  // As long as AWS's.
  const nextToken = `${start + count}.${'t'.repeat(300)}`;
  if (latencyMs > 0) await delay(latencyMs);
  const sent = Buffer.from(
    `{"imageSetsMetadataSummaries":[${page.join(',')}],"nextToken":"${nextToken}","sort":{"sortField":"updatedAt","sortOrder":"DESC"}}`,
  );
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': sent.length });
  response.end(sent);
}

const server = createServer(
  { keepAliveTimeout: 60_000 },
  (request, response) => void answer(request, response),
);
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('message', () => {
  process.send?.(calls);
  calls = 0;
});
