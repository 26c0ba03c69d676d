import { constants } from 'node:os';

import { misspeltSettings } from '../config/checks/misspelt.ts';
import { warnOrRefuse } from '../config/checks/warnings.ts';
import { loadConfig } from '../config/config.ts';
import type { ImportProgress } from '../local/import/import.ts';
import { counted, failureLine } from '../local/import/summaryLines.ts';
import type { Datastores } from '../local/store/datastores/datastores.ts';
import type { Store } from '../local/store/store.ts';
import { createLog } from '../log/log.ts';
import { print, type Command, type Invocation } from './command.ts';
import { importFolders, openEmbedded } from './embedded.ts';
import { UsageError, type CommandLine } from './flags.ts';
import { untilStopped } from './start/untilStopped.ts';

/** What `--help` says of them, and the table of docs/operations.md. */
export const importExitCodes: readonly (readonly [codes: string, meaning: string])[] = [
  ['0', 'every DICOM file is in the store; also where no file was DICOM'],
  ['1', 'a DICOM file could not go in, or a path could not be read; the reasons are printed'],
  ['2', 'a flag or setting cannot be used'],
  ['130, 143', 'stopped by Ctrl-C, by SIGTERM; what went in stays'],
];

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql import [--datastore ID] DIR...',
  summary:
    'Imports DICOM files, any depth of folders, into the embedded HealthImaging. May run beside a running gateway, which\n' +
    'then shows the new image sets. Importing a file again changes nothing.\n\nExit codes:\n' +
    importExitCodes.map(([codes, meaning]) => `  ${codes.padEnd(8)}  ${meaning}`).join('\n'),
  flags: {
    datastore: {
      value: 'the ID of a data store: 32 digits or lower-case letters',
      meaning: 'imports into that data store of the data folder; default: the oldest',
      accepts: (text) => /^[0-9a-z]{32}$/.test(text),
    },
  },
  operands: { name: 'DIR', meaning: 'a folder of DICOM files, or a file', atLeast: 1 },
};

async function run({ flags, operands, environment, terminal }: Invocation): Promise<number> {
  const config = loadConfig(environment);
  const log = createLog({ level: config.process.logLevel, readable: terminal });
  warnOrRefuse(misspeltSettings(environment), config, (warning) => log.warn(warning));
  const { asked, signal } = untilStopped();
  const datastores = openEmbedded(config, print);
  const onStopped = ({ filesRead, filesLeftOut }: ImportProgress) => {
    print(
      `Stopped: ${counted(filesRead, 'file')} ${filesRead === 1 ? 'is' : 'are'} in the store, ` +
        `${filesLeftOut} ${filesLeftOut === 1 ? 'was' : 'were'} left out. ` +
        'Run the same import again to go on; files that are in the store already change nothing.',
    );
  };
  try {
    const store = storeNamed(datastores, flags.get('datastore')?.at(-1));
    const summary = await importFolders(store, operands, {
      terminal,
      print,
      log,
      signal,
      onStopped,
    });
    const failure = failureLine(summary);
    if (failure === undefined) return 0;
    print(`Exit code 1: ${failure}`);
    return 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    return exitCodeOf(await asked);
  } finally {
    datastores.close();
  }
}

/** @throws {UsageError} */
function storeNamed(datastores: Datastores, datastoreId: string | undefined): Store {
  const store = datastoreId === undefined ? datastores.first : datastores.find(datastoreId);
  if (store !== undefined) return store;
  throw new UsageError(
    ['--datastore: expected a data store of the data folder, which there is none of with that ID.'],
    commandLine.usage,
  );
}

/** As shells have it, so that a script does not go on with half of the files. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

export const importCommand: Command = { commandLine, run };
