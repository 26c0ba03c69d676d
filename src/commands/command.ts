import type { Environment } from '../config/config.ts';

export interface Invocation {
  /** What stands behind the command's name. */
  readonly words: readonly string[];
  readonly environment: Environment;
  /** Whether a person reads stdout. */
  readonly terminal: boolean;
}

/** Resolves to the exit code. */
export type Command = (invocation: Invocation) => Promise<number>;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
