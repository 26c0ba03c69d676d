import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

// `npm run check`: its parts side by side where there are cores for it, longest first, each part's output in one piece. What
// has not changed since the last run is not checked again, except with CI=true, which runs every part from scratch.

type Part = 'lint' | 'types' | 'codegen' | 'schema' | 'format';

const parts: Part[] = ['lint', 'types', 'codegen', 'schema', 'format'];

const cache = 'node_modules/.cache';
const cacheFlags: Readonly<Partial<Record<Part, readonly string[]>>> = {
  lint: ['--cache', '--cache-location', `${cache}/eslint/`],
  types: ['--incremental', '--tsBuildInfoFile', `${cache}/tsc/check.tsbuildinfo`],
  format: ['--cache', '--cache-location', `${cache}/prettier/check.json`],
};
const flagsOf = (part: Part) => (process.env['CI'] === 'true' ? [] : (cacheFlags[part] ?? []));

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

function run(part: Part): Promise<Outcome> {
  return new Promise((resolve) => {
    const words = ['run', '--silent', `check:${part}`, '--', ...flagsOf(part)];
    const child = spawn('npm', words, { shell: process.platform === 'win32' });
    let output = '';
    const keep = (text: Buffer) => (output += text.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', ({ message }) => {
      resolve({ failed: true, output: `${message}\n` });
    });
    child.on('close', (code) => {
      resolve({ failed: code !== 0, output });
    });
  });
}

async function lane(): Promise<void> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { failed, output } = await run(part);
    process.stdout.write(failed ? `check:${part} failed\n${output}` : output);
    if (failed) process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: Math.min(availableParallelism(), parts.length) }, lane));
