import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// `npm run dev`: the gateway, restarted whenever a file of src/ or schema/ changes, and codegen, run again whenever one of
// schema/ does. Codegen writes types only (src/graphql/generated.ts), so the server need not wait for it. Codegen's own
// `--watch` would watch all of node_modules, too.
//   npm run dev -- [flags of `serve`]        npm run dev:debug: with Node's inspector on 127.0.0.1:9229

const [inspect, flags] = split(process.argv.slice(2));
const serve = ['src/cli.ts', 'serve', ...flags];

// Node's watch mode would wait for a change after them.
if (flags.includes('--help') || flags.includes('--version')) {
  process.exit(spawnSync(process.execPath, serve, { stdio: 'inherit' }).status ?? 1);
}

const codegen = 'node_modules/@graphql-codegen/cli/esm/bin.js';
const children = [
  rerun(['src', 'schema'], [...inspect, ...serve]),
  rerun(['schema', 'codegen.ts'], [codegen, '--config', 'codegen.ts', '--errors-only']),
];

let stopping = false;

function stop(signal: NodeJS.Signals): void {
  if (stopping) return;
  stopping = true;
  // Ctrl-C has reached the children already: it goes to the whole group of the terminal. A second copy does no harm.
  for (const child of children) child.kill(signal);
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const ends = await Promise.all(
  children.map(async (child) => {
    const [code] = (await once(child, 'close')) as [number | null];
    const early = !stopping;
    // Neither is of use without the other.
    stop('SIGTERM');
    return early ? Math.max(code ?? 1, 1) : 0;
  }),
);
process.exitCode = Math.max(...ends);

/** Runs Node.js with these arguments, again whenever something changes in the paths. */
function rerun(paths: readonly string[], args: readonly string[]): ChildProcess {
  const watch = paths.map((path) => `--watch-path=${path}`);
  return spawn(process.execPath, [...watch, '--watch-preserve-output', ...args], { stdio: 'inherit' });
}

function split(words: readonly string[]): [inspect: string[], flags: string[]] {
  return [words.filter((word) => word === '--inspect'), words.filter((word) => word !== '--inspect')];
}
