#!/usr/bin/env node
import { existsSync } from 'node:fs';

import { UsageError } from './commands/flags.ts';
import type { Command } from './commands/command.ts';
import { ConfigError } from './config/config.ts';
import { createLog } from './log/log.ts';

/** Loaded when asked for: `schema` should not wait for a server's modules. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  import: async () => (await import('./commands/import.ts')).importCommand,
  local: async () => (await import('./commands/local.ts')).local,
  schema: async () => (await import('./commands/schema.ts')).schema,
  'verify-audit': async () => (await import('./commands/verifyAudit.ts')).verifyAudit,
};

const usage = `Usage: healthimaging-graphql COMMAND [flags]

  serve          the GraphQL gateway, over AWS HealthImaging or over the embedded one
  import DIR...  DICOM files into the embedded HealthImaging
  local          the embedded HealthImaging alone, for boto3, the AWS CLI and any SDK
  schema         prints the subgraph's SDL, ready for composition
  verify-audit   checks the chain of audit files

Each takes --help.
`;

async function main([name = '', ...words]: readonly string[]): Promise<number> {
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
    return await command({ words, environment: process.env, terminal: process.stdout.isTTY });
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    process.stderr.write(`${fault}\n`);
    return 2;
  }
}

/** What whoever started the command can mend; anything else is a defect, and ends with the place of it. */
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
 * Node.js would print the error, or the reason of a promise that nobody waited for, with its message and its members: of
 * the SDK's errors that is the whole answer.
 */
process.on('uncaughtException', (error) => {
  const log = createLog({ level: 'fatal', readable: false, destination: process.stderr });
  log.fatal({ err: error }, 'ended by a fault of its own');
  process.exit(1);
});

process.exitCode = await main(process.argv.slice(2));
