import { loadConfig } from '../config/config.ts';
import { failureLine } from '../local/import/summaryLines.ts';
import { createLog } from '../log/log.ts';
import { print, type Command } from './command.ts';
import { importFolders, openEmbeddedStore } from './embedded.ts';
import { helpText, readArguments, type CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql import DIR...',
  summary:
    'Imports DICOM files, any depth of folders, into the embedded HealthImaging. May run beside a running gateway, which\n' +
    'then shows the new image sets. Importing a file again changes nothing. Exit code 1 when a DICOM file could not go in.',
  flags: {},
  operands: { name: 'DIR', meaning: 'a folder of DICOM files, or a file', atLeast: 1 },
};

export const importCommand: Command = async ({ words, environment, terminal }) => {
  const { help, operands } = readArguments(commandLine, words);
  if (help) {
    process.stdout.write(helpText(commandLine));
    return 0;
  }
  const config = loadConfig(environment);
  const log = createLog({ level: config.process.logLevel, readable: terminal });
  const store = openEmbeddedStore(config);
  try {
    const failure = failureLine(await importFolders(store, operands, { terminal, print, log }));
    if (failure === undefined) return 0;
    print(`Exit code 1: ${failure}`);
    return 1;
  } finally {
    store.close();
  }
};
