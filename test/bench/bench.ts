import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { helpText, readArguments, UsageError, type CommandLine } from '../../src/commands/flags.ts';
import { names } from './peers/contenders.ts';
import { loads } from './peers/loads.ts';
import { comparePeers, type PeersOptions } from './peers/run.ts';

// `npm run bench`: every benchmark, one after another, or those that are named.

const smaller: Readonly<Record<string, readonly string[]>> = {
  cursor: [],
  documents: ['20', '2'],
  memory: ['100', '1'],
  paging: ['20'],
  refusals: ['6'],
  store: ['--count', '20000', '--searches', '3'],
};
const benches = [...Object.keys(smaller), 'peers'];
const among = (words: readonly string[]) => ({
  value: `one of ${words.join(', ')}`,
  accepts: (text: string) => words.includes(text),
});
const number = { value: 'a number', accepts: (text: string) => Number(text) > 0 };

const commandLine: CommandLine = {
  usage: 'npm run bench -- [flags]',
  summary:
    'Prints tables in Markdown. That of the peers also goes to test/bench/RESULTS.md, where nothing was left out or\n' +
    'shortened. Flags that choose may be repeated.',
  flags: {
    only: { ...among(benches), meaning: 'this benchmark' },
    server: { ...among(names), meaning: 'this server, and bare' },
    load: { ...among(Object.keys(loads)), meaning: 'this load' },
    clients: { ...number, meaning: 'this many clients at a time; default: 1, 16 and 64' },
    starts: { ...number, meaning: 'process starts of each server; default: 3' },
    rounds: { ...number, meaning: 'rounds for each start; default: 2' },
    seconds: { ...number, meaning: "of a server's turn in a round; default: 1" },
    'warm-up': { ...number, meaning: 'seconds of a server before a load is measured; default: 5' },
    quick: { meaning: 'as short as shows that everything works, the gateway from source' },
  },
};

function optionsOf(flags: ReadonlyMap<string, readonly string[]>): PeersOptions {
  const isQuick = flags.has('quick');
  const numbers = (name: string) => (flags.get(name) ?? []).map(Number);
  const one = (name: string, usual: number, quick: number) =>
    numbers(name).at(-1) ?? (isQuick ? quick : usual);
  const servers = flags.get('server') ?? [];
  const wanted = flags.get('load') ?? [];
  const clients = numbers('clients');
  const shortened = Object.keys(commandLine.flags).some((name) => name !== 'only' && flags.has(name));
  return {
    settings: {
      loads: Object.entries(loads).filter(([name]) => wanted.length === 0 || wanted.includes(name)),
      concurrency: clients.length > 0 ? clients : isQuick ? [16] : [1, 16, 64],
      starts: one('starts', 3, 1),
      rounds: one('rounds', 2, 1),
      seconds: one('seconds', 1, 0.1),
      warmUpSeconds: one('warm-up', 5, 0.1),
    },
    servers: names.filter((name) => name === 'bare' || servers.length === 0 || servers.includes(name)),
    fromSource: isQuick,
    file: shortened ? undefined : fileURLToPath(new URL('./RESULTS.md', import.meta.url)),
  };
}

async function runScript(name: string, words: readonly string[]): Promise<void> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [script, ...words], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}

async function main(words: readonly string[]): Promise<void> {
  const { help, flags } = readArguments(commandLine, words);
  if (help) {
    process.stdout.write(helpText(commandLine));
    return;
  }
  for (const name of flags.get('only') ?? benches) {
    if (name === 'peers') await comparePeers(optionsOf(flags));
    else await runScript(name, flags.has('quick') ? (smaller[name] ?? []) : []);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
