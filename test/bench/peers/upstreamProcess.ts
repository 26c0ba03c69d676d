import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';

import { listening } from '../../support/http/listening.ts';
import { wireDatastore, wireSummary } from '../../support/upstream/wireSummaries.ts';

// A HealthImaging in a process of its own, that answers searches with bytes made beforehand. Which rows a search has depends on
// the number in its Patient ID, so that no two searches have the same page.

/** What it may be told. The answer to `calls` is the number of searches since it was last asked. */
export type UpstreamMessage = { readonly latencyMs: number } | 'calls';

const rowCount = 4_096;
const newest = 1_764_000_000;
/** As long as AWS's. */
const tokenTail = '.'.repeat(300);

/** Text that compresses no better than that of real image sets. */
function variedTags(number: number): object {
  const hash = createHash('sha256').update(String(number)).digest('hex');
  const uid = (from: number) => `2.25.${BigInt(`0x${hash.slice(from, from + 32)}`)}`;
  return {
    DICOMPatientId: hash.slice(0, 12),
    DICOMPatientName:
      number % 49 === 0
        ? 'Yamada^Tarou=山田^太郎=やまだ^たろう'
        : `${hash.slice(12, 20)}^${hash.slice(20, 26)}`,
    DICOMStudyInstanceUID: uid(0),
    DICOMSeriesInstanceUID: uid(32),
    DICOMAccessionNumber: hash.slice(26, 38),
    DICOMStudyTime: `${100_000 + (number % 60)}`,
  };
}

const rows = Array.from({ length: rowCount }, (_, number) =>
  JSON.stringify({ ...wireSummary(number, variedTags(number)), updatedAt: newest - number }),
);
const offsets = [0];
for (const row of rows) offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(row) + 1);
const bytes = Buffer.from(`${rows.join(',')},`);
const head = Buffer.from('{"imageSetsMetadataSummaries":[');
const sort = '"sort":{"sortField":"updatedAt","sortOrder":"DESC"}';

/** Rows of one search: 500 of a walk, and of any other more than are asked for. */
function rowsOf(body: string): { readonly from: number; readonly to: number } {
  const [, kind, number = '0'] = /"DICOMPatientId":"(\w+)-(\d+)"/.exec(body) ?? [];
  const from = (Number(number) * 61) % (rowCount - 600);
  return { from, to: kind === 'WALK' ? from + 500 : rowCount };
}

/** The first row that is not newer than the search's bound. */
function boundOf(body: string): number {
  const times = [...body.matchAll(/"updatedAt":([\d.eE+]+)/g)].map(([, time]) => Number(time));
  return times.length === 0 ? 0 : Math.ceil(newest - Math.max(...times));
}

let latencyMs = 0;
let calls = 0;

async function answerSearch(request: IncomingMessage, query: URLSearchParams): Promise<Buffer> {
  const body = await text(request);
  calls += 1;
  const { from, to } = rowsOf(body);
  const token = query.get('nextToken');
  const start = Math.max(token === null ? from : Number.parseInt(token, 10), boundOf(body));
  const end = Math.min(to, start + Number(query.get('maxResults') ?? 50));
  const nextToken = end < to ? `"${end}${tokenTail}"` : 'null';
  const summaries = bytes.subarray(offsets[start], Math.max(offsets[start] ?? 0, (offsets[end] ?? 0) - 1));
  return Buffer.concat([head, summaries, Buffer.from(`],${sort},"nextToken":${nextToken}}`)]);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://upstream');
  const body = pathname.endsWith('/searchImageSets')
    ? await answerSearch(request, searchParams)
    : Buffer.from(JSON.stringify(wireDatastore));
  if (latencyMs > 0) await delay(latencyMs);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

const server = createServer((request, response) => void answer(request, response));
server.keepAliveTimeout = 60_000;
const { url } = await listening(server);
process.on('message', (message: UpstreamMessage) => {
  if (message === 'calls') {
    process.send?.(calls);
    calls = 0;
  } else latencyMs = message.latencyMs;
});
process.on('disconnect', () => process.exit());
process.send?.(url);
