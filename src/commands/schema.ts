import { loadConfig } from '../config/config.ts';
import { subgraphSdl } from '../graphql/sdl.ts';
import type { Command, Invocation } from './command.ts';
import type { CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql schema',
  summary:
    "Prints the subgraph's SDL, ready for composition into a federated graph; with AUTH_DIRECTIVES=on with the scopes\n" +
    'that its fields ask for.',
  flags: {},
};

function run({ environment }: Invocation): Promise<number> {
  const { auth } = loadConfig(environment);
  process.stdout.write(subgraphSdl({ scopeDirectives: auth.directives === 'on' }));
  return Promise.resolve(0);
}

export const schema: Command = { commandLine, run };
