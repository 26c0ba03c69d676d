import { existsSync, readFileSync } from 'node:fs';

import { editDistance } from '../config/checks/editDistance.ts';
import { ConfigError, type Environment } from '../config/config.ts';
import { createLog } from '../log/log.ts';
import { AddressError } from './start/address.ts';
import type { Command } from './command.ts';
import { helpText, readArguments, UsageError } from './flags.ts';

/** Loaded when asked for: `schema` should not wait for a server's modules. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  import: async () => (await import('./import.ts')).importCommand,
  local: async () => (await import('./local.ts')).local,
  schema: async () => (await import('./schema.ts')).schema,
  config: async () => (await import('./config.ts')).config,
  'verify-audit': async () => (await import('./verifyAudit.ts')).verifyAudit,
};

const usage = `Usage: healthimaging-graphql COMMAND [flags]

  serve          the GraphQL gateway, over AWS HealthImaging or over the embedded one
  import DIR...  DICOM files into the embedded HealthImaging
  local          the embedded HealthImaging alone, for boto3, the AWS CLI and any SDK
  schema         prints the subgraph's SDL, ready for composition
  config         prints every setting, and where its value came from
  verify-audit   checks the chain of audit files

Each takes --help and --version.
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
  if (name === '--help' || name === 'help') return write(usage);
  if (name === '--version' || name === 'version') return write(`${packageVersion()}\n`);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands);
    process.stderr.write(
      `${unknownCommand(name, known)}Expected a command: ${known.join(', ')}.\n\n${usage}`,
    );
    return 2;
  }
  // Node.js prints an error of a module itself, with its file and line: no request has been read yet.
  const { commandLine, run } = await load();
  endOnDefects();
  try {
    const { help, version, flags, operands } = readArguments(commandLine, words);
    if (help) return write(helpText(commandLine));
    if (version) return write(`${packageVersion()}\n`);
    const inherited = new Set(Object.keys(environment));
    loadEnvironmentFile();
    return await run({ flags, operands, environment, inherited, terminal: process.stdout.isTTY });
  } catch (error) {
    if (error instanceof Error && error.name === 'SchemaError') {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    process.stderr.write(`${fault}\n`);
    return 2;
  }
}

/** A line that names what is no command, with the one that was probably meant; empty where the word is not to be quoted. */
function unknownCommand(name: string, known: readonly string[]): string {
  if (!/^[\w-]{1,40}$/.test(name)) return '';
  const word = name.toLowerCase();
  const [nearest] = known
    .map((command) => ({ command, distance: editDistance(word, command) }))
    .filter(({ command, distance }) => distance <= 2 || (word.length >= 3 && command.startsWith(word)))
    .toSorted((one, other) => one.distance - other.distance);
  return `${name} is not a command${nearest === undefined ? '' : `; ${nearest.command} is`}.\n`;
}

/** @throws {ConfigError} where `.env` is no file, as where a Python environment has that name, or may not be read */
function loadEnvironmentFile(): void {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch {
    throw new ConfigError(['.env: expected a file that can be read.']);
  }
}

function write(text: string): number {
  process.stdout.write(text);
  return 0;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** What whoever started the command can mend. Anything else is a defect. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UsageError || error instanceof ConfigError) return error.message;
  if (error instanceof AddressError) return error.message;
  return error.name === 'StoreError' ? `HEALTHIMAGING_DATA_DIR: ${error.message}` : undefined;
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
