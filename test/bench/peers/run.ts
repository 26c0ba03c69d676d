import { writeFile } from 'node:fs/promises';

import { createContenders, installed, type Contenders, type Name } from './contenders.ts';
import { gatewayEntry, installPeers } from './install.ts';
import { measure, type Bench, type Sample, type Settings } from './measure.ts';
import { startClients, startServer, startUpstream, type RunningServer } from './processes.ts';
import { report, type FirstAnswer } from './report.ts';
import { verify } from './verify.ts';

export interface PeersOptions {
  readonly settings: Settings;
  readonly servers: readonly Name[];
  readonly fromSource: boolean;
  /** Where the report goes besides stdout. */
  readonly file: string | undefined;
}

const tell = (progress: string) => process.stderr.write(`${progress}\n`);

/** Starts the servers one after another; each has answered before the next one begins. */
async function startAll(
  stack: AsyncDisposableStack,
  contenders: Contenders,
  { settings, servers }: PeersOptions,
): Promise<{ readonly started: RunningServer[]; readonly milliseconds: number[] }> {
  const started: RunningServer[] = [];
  const milliseconds: number[] = [];
  for (const name of servers) {
    const server = stack.use(await startServer(contenders.of(name)));
    for (const [index, [, load]] of settings.loads.entries()) {
      if (load.compressed === true && !server.contender.compresses) continue;
      await verify(server, load);
      if (index === 0) milliseconds.push(performance.now() - server.startedAt);
    }
    started.push(server);
  }
  return { started, milliseconds };
}

export async function comparePeers(options: PeersOptions): Promise<void> {
  const { settings, servers, fromSource, file } = options;
  if (servers.some((name) => installed.includes(name))) await installPeers();
  const gateway = await gatewayEntry(fromSource);
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startUpstream());
  const bench: Bench = { upstream, clients: stack.use(await startClients()) };
  const contenders = stack.use(await createContenders({ upstream: upstream.url, gateway }));
  const samples: Sample[] = [];
  const firstAnswers: FirstAnswer[] = [];
  for (let start = 0; start < settings.starts; start += 1) {
    await using serversOfStart = new AsyncDisposableStack();
    const { started, milliseconds } = await startAll(serversOfStart, contenders, options);
    for (const [index, server] of servers.entries()) {
      firstAnswers.push({ server, start, milliseconds: milliseconds[index] ?? Number.NaN });
    }
    samples.push(...(await measure(bench, started, { start, settings, tell })));
    const text = report({
      settings: { ...settings, starts: start + 1 },
      servers,
      samples,
      firstAnswers,
      fromSource,
    });
    // Also after each start, so that a run that is cut off has not been for nothing.
    if (file !== undefined) await writeFile(file, text);
    if (start === settings.starts - 1) process.stdout.write(text);
  }
}
