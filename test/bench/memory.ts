import { createContenders, type Name } from './peers/contenders.ts';
import { gatewayEntry } from './peers/install.ts';
import { loads, requestOf, upstreamLatencyOfWalks, type Load } from './peers/loads.ts';
import { startClients, startServer, startUpstream, type RunningServer } from './peers/processes.ts';

/**
 * The memory of the gateway and of the bare handler over many requests of 16 clients, each request another search; then walks, whose
 * pages are read again from the page cache. `node test/bench/memory.ts [requests] [seconds of walks]`.
 */
const [requests = 100_000, walkSeconds = 30] = process.argv.slice(2).map(Number);
const steps = 5;
const servers: readonly Name[] = ['bare', 'ours', 'ours-secured'];
/** The default of PAGE_CACHE_BYTES. */
const pageCacheMiB = 64;

await using upstream = await startUpstream();
await using clients = await startClients();
await using contenders = await createContenders({
  upstream: upstream.url,
  gateway: await gatewayEntry(false),
});

async function residentMiB(server: RunningServer): Promise<number> {
  return (await server.usage()).residentBytes / 2 ** 20;
}

/** Sends requests for some seconds. @returns how many */
async function send(server: RunningServer, load: Load, seconds: number): Promise<number> {
  const { kind, headers } = server.contender;
  upstream.setLatency(load.walk === true ? upstreamLatencyOfWalks : 0);
  const worked = await clients.run({
    ...requestOf(load, kind, headers),
    ...{ url: server.url, concurrency: 16, seconds, leastBytes: 100 },
  });
  if (worked.failed > 0) throw new Error(`${server.contender.name}: ${worked.failed} requests failed.`);
  return worked.requests;
}

async function measure(name: Name): Promise<readonly number[]> {
  await using server = await startServer(contenders.of(name));
  const { page10, walk } = loads;
  if (page10 === undefined || walk === undefined) throw new Error('Expected loads of pages and walks.');
  const measured: number[] = [];
  for (let step = 1, sent = 0; step <= steps; step += 1) {
    while (sent < (step * requests) / steps)
      sent += await send(server, page10, Math.min(1, requests / 1_000));
    measured.push(await residentMiB(server));
  }
  await send(server, walk, walkSeconds);
  return [...measured, await residentMiB(server)];
}

const heads = Array.from({ length: steps }, (_, step) => `${((step + 1) * requests) / steps}`);
process.stdout.write(`\nMiB resident after so many searches for a page of ten, and after walks:\n\n`);
process.stdout.write(`| server | ${heads.join(' | ')} | walks | less the page cache, times bare |\n`);
process.stdout.write(`| --- |${' ---: |'.repeat(heads.length + 2)}\n`);
let bare: readonly number[] = [];
for (const name of servers) {
  const measured = await measure(name);
  if (name === 'bare') bare = measured;
  const most = Math.max(...measured) - (name === 'bare' ? 0 : pageCacheMiB);
  const cells = measured.map((mebibytes) => mebibytes.toFixed(0));
  process.stdout.write(`| ${name} | ${cells.join(' | ')} | ${(most / Math.max(...bare)).toFixed(2)} |\n`);
}
