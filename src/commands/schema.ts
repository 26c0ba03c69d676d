import { loadConfig } from '../config/config.ts';
import { subgraphSdl } from '../graphql/sdl.ts';
import type { Command } from './command.ts';
import { helpText, readArguments, type CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql schema',
  summary:
    "Prints the subgraph's SDL, ready for composition into a federated graph; with AUTH_DIRECTIVES=on with the scopes\n" +
    'that its fields ask for.',
  flags: {},
};

export const schema: Command = ({ words, environment }) => {
  const { help } = readArguments(commandLine, words);
  if (help) {
    process.stdout.write(helpText(commandLine));
  } else {
    const { auth } = loadConfig(environment);
    process.stdout.write(subgraphSdl({ scopeDirectives: auth.directives === 'on' }));
  }
  return Promise.resolve(0);
};
