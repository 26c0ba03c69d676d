import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

// `npm run check`: all of its parts, side by side where there are cores for it, longest first; each part's output as a whole.

const parts = ['lint', 'types', 'codegen', 'schema', 'format'];

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

function run(part: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', `check:${part}`], { shell: process.platform === 'win32' });
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
