import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** What the first match of the pattern's group in stdout is; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<string>;
  finished: Promise<Finished>;
}

/** The command as a user runs it, in a process of its own, with nothing of this process's settings. */
export function startCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCli {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LOG_LEVEL: 'warn',
      ...environment,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    finished,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(stdout)?.[1];
        if (found !== undefined) return found;
        const more = await Promise.race([
          once(child.stdout, 'data').then(() => true),
          finished.then(() => false),
        ]);
        if (!more) throw new Error(`ended without printing ${String(pattern)}: ${stdout}${stderr}`);
      }
    },
  };
}

export const graphUrl = /The graph: (\S+)/;

export async function postQuery(url: string, query: string, variables: object = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
