import type { Environment } from '../config/config.ts';
import type { Arguments, CommandLine } from './flags.ts';

export interface Invocation extends Pick<Arguments, 'flags' | 'operands'> {
  readonly environment: Environment;
  /** Names of the variables that the process was started with; the others are those of `.env`. */
  readonly inherited: ReadonlySet<string>;
  /** Whether a person reads stdout. */
  readonly terminal: boolean;
}

export interface Command {
  readonly commandLine: CommandLine;
  /** Resolves to the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Beside what the command prints. */
export function printToStderr(text: string): void {
  process.stderr.write(`${text}\n`);
}
