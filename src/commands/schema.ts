import { subgraphSdl } from '../graphql/sdl.ts';
import type { Command } from './command.ts';
import { helpText, readArguments, type CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql schema',
  summary: "Prints the subgraph's SDL, ready for composition into a federated graph.",
  flags: {},
};

export const schema: Command = ({ words }) => {
  const { help } = readArguments(commandLine, words);
  process.stdout.write(help ? helpText(commandLine) : subgraphSdl());
  return Promise.resolve(0);
};
