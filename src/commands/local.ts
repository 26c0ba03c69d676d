import { misspeltSettings } from '../config/checks/misspelt.ts';
import { warnOrRefuse } from '../config/checks/warnings.ts';
import { loadConfig } from '../config/config.ts';
import { isEmpty } from '../local/store/imageSets.ts';
import { createLocalHealthImaging, type LocalHealthImaging } from '../local/server.ts';
import type { SigningKeys } from '../local/signatures.ts';
import { createLog } from '../log/log.ts';
import { listeningOn, tryAddress, type Address } from './start/address.ts';
import { print, type Command, type Invocation } from './command.ts';
import { bucketsOption, embeddedRegion, loadSamples, openEmbedded } from './embedded.ts';
import { hostFlag, portFlag, UsageError, type CommandLine } from './flags.ts';
import { untilStopped } from './start/untilStopped.ts';

const commandLine: CommandLine = {
  usage:
    'healthimaging-graphql local [--port N] [--host NAME] [--samples] [--cors-origin ORIGIN]... [--throttle] [--check-signatures]',
  summary:
    "The embedded HealthImaging alone: the service's own protocol over the embedded store, for boto3, the AWS CLI and any\n" +
    'SDK. Without --check-signatures whoever reaches it may read everything: keep it on loopback.',
  flags: {
    port: portFlag,
    host: hostFlag,
    samples: { meaning: 'loads synthetic sample image sets when the store is empty' },
    'cors-origin': {
      value: 'an origin, such as http://localhost:3000',
      meaning: 'lets pages of it ask (CORS); may be repeated',
      accepts: (text) => URL.parse(text)?.origin === text,
    },
    'check-signatures': {
      meaning:
        'takes requests that are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and no others',
    },
    throttle: { meaning: 'answers no more calls than AWS does, with 429 beyond its rates' },
  },
};

/**
 * There is no `runtime-` host on a local address, hence the first setting.
 * @param anyKeys whether any keys will do, since signatures are not checked; otherwise they are those of the environment
 */
function exampleCall({ url, datastoreId }: LocalHealthImaging, anyKeys: boolean): string {
  return (
    `AWS_DISABLE_HOST_PREFIX_INJECTION=true ${anyKeys ? 'AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local ' : ''}` +
    `aws medical-imaging search-image-sets --datastore-id ${datastoreId} --endpoint-url ${url} --region us-east-1`
  );
}

/** @throws {UsageError} */
function keysOf({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Invocation['environment']): SigningKeys {
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  throw new UsageError(
    ['--check-signatures: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.'],
    commandLine.usage,
  );
}

const defaultPort = '4010';

async function run({ flags, environment, terminal }: Invocation): Promise<number> {
  const host = flags.get('host')?.at(-1);
  const config = loadConfig({ ...environment, ...(host !== undefined && { HOST: host }) });
  const log = createLog({ level: config.process.logLevel, readable: terminal });
  warnOrRefuse(misspeltSettings(environment), config, (warning) => log.warn(warning));
  const signingKeys = flags.has('check-signatures') ? keysOf(environment) : undefined;
  const port = Number(flags.get('port')?.at(-1) ?? defaultPort);
  const address: Address = { host: config.http.host, port, portSetting: '--port' };
  await tryAddress(address);
  const { asked, signal } = untilStopped();
  const datastores = openEmbedded(config, print);
  try {
    if (flags.has('samples') && isEmpty(datastores.first))
      await loadSamples(datastores.first, { terminal, print, log, signal });
  } catch (error) {
    datastores.close();
    if (signal.aborted) return 0;
    throw error;
  }
  const { allowedHosts } = config.http;
  const server = await listeningOn(address, () =>
    createLocalHealthImaging({
      ...{ datastores, log, allowedHosts },
      corsOrigins: flags.get('cors-origin') ?? [],
      throttle: flags.has('throttle'),
      ...(signingKeys && { signingKeys }),
      ...bucketsOption(config),
      ...address,
    }),
  );
  print(
    `The local HealthImaging: ${server.url}, data store ${server.datastoreId}, region ${embeddedRegion(config)}`,
  );
  print(`For example: ${exampleCall(server, signingKeys === undefined)}`);
  await asked;
  await server.close();
  datastores.close();
  return 0;
}

export const local: Command = { commandLine, run };
