import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

type Environment = Readonly<Record<string, string>>;

export interface Finished {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** What the first match of the pattern's group in stdout is; rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<string>;
  finished: Promise<Finished>;
  /** Ends it and what it started, should a test fail half-way. */
  end(): void;
}

/** The command as a user runs it, in a process of its own, with nothing of this process's settings. */
export function startCli(words: readonly string[], environment: Environment = {}): RunningCli {
  return startProcess([process.execPath, '--disable-warning=ExperimentalWarning', cli, ...words], {
    environment,
  });
}

/** The npm script as a user runs it: the first of a process group of its own, as a shell makes one for a terminal. */
export function startNpm(
  script: string,
  words: readonly string[],
  environment: Environment = {},
): RunningCli {
  return startProcess(['npm', 'run', script, '--', ...words], { environment, cwd: root, detached: true });
}

interface ProcessOptions {
  readonly environment: Environment;
  readonly cwd?: string;
  readonly detached?: boolean;
}

export function startProcess(
  [command = '', ...words]: readonly string[],
  { environment, ...options }: ProcessOptions,
): RunningCli {
  const child = spawn(command, words, {
    ...options,
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
  const finished = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  const { pid } = child;
  return {
    child,
    finished,
    end() {
      if (pid === undefined) return;
      try {
        process.kill(options.detached === true ? -pid : pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
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
