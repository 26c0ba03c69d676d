import { existsSync } from 'node:fs';

import { ConfigError, type Environment } from '../config/config.ts';
import { createLog } from '../log/log.ts';
import { UsageError } from './flags.ts';
import type { Command } from './command.ts';

/** Loaded when asked for: `schema` should not wait for a server's modules. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  import: async () => (await import('./import.ts')).importCommand,
  local: async () => (await import('./local.ts')).local,
  schema: async () => (await import('./schema.ts')).schema,
  'verify-audit': async () => (await import('./verifyAudit.ts')).verifyAudit,
};

const usage = `Usage: healthimaging-graphql COMMAND [flags]

  serve          the GraphQL gateway, over AWS HealthImaging or over the embedded one
  import DIR...  DICOM files into the embedded HealthImaging
  local          the embedded HealthImaging alone, for boto3, the AWS CLI and any SDK
  schema         prints the subgraph's SDL, ready for composition
  verify-audit   checks the chain of audit files

Each takes --help.
`;

/**
 * Runs the command that the words name.
 * @param environment of the process: what `.env` has is added to it
 * @returns the exit code
 */
export async function main(
  [name = '', ...words]: readonly string[],
  environment: Environment,
): Promise<number> {
  endOnDefects();
  if (name === '--help' || name === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`Expected a command: ${Object.keys(commands).join(', ')}.\n\n${usage}`);
    return 2;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    const command = await load();
    return await command({ words, environment, terminal: process.stdout.isTTY });
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    process.stderr.write(`${fault}\n`);
    return 2;
  }
}

/** What whoever started the command can mend. Anything else is a defect. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UsageError || error instanceof ConfigError) return error.message;
  if (error.name === 'StoreError') return `HEALTHIMAGING_DATA_DIR: ${error.message}`;
  if (!('syscall' in error && error.syscall === 'listen' && 'code' in error)) return undefined;
  return error.code === 'EADDRINUSE'
    ? 'PORT: expected a port that is free; another process listens on this one.'
    : 'HOST and PORT: expected an address of this machine that this user may listen on.';
}

/**
 * Without this Node.js prints an error that nobody caught with its message and members; those of the SDK's errors hold the
 * whole response.
 */
function endOnDefects(): void {
  process.on('uncaughtException', (error) => {
    const log = createLog({ level: 'fatal', readable: false, destination: process.stderr });
    log.fatal({ err: error }, 'ended by a fault of its own');
    process.exit(1);
  });
}
