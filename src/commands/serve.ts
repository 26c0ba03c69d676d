import { settingWarnings, warnOrRefuse } from '../config/checks/warnings.ts';
import { loadConfig, ConfigError, type Config } from '../config/config.ts';
import { createGateway, type Gateway, type GatewayOptions, type Upstream } from '../gateway.ts';
import { isReadable } from '../local/import/findFiles.ts';
import { isEmpty } from '../local/store/imageSets.ts';
import { createLocalHealthImaging } from '../local/server.ts';
import type { Store } from '../local/store/store.ts';
import { createLog, type Log } from '../log/log.ts';
import { listeningOn, tryAddress, type Address } from './start/address.ts';
import { print, type Command, type Invocation } from './command.ts';
import {
  bucketsOption,
  embeddedRegion,
  importFolders,
  keptCursorKey,
  loadSamples,
  openEmbedded,
  type ImportOutput,
} from './embedded.ts';
import { hostFlag, portFlag, UsageError, type CommandLine } from './flags.ts';
import { askForDatastores } from './start/askForDatastores.ts';
import { startLine } from './start/startLine.ts';
import { untilStopped } from './start/untilStopped.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql serve [--port N] [--host NAME] [--dicom DIR]',
  summary:
    'The GraphQL gateway over AWS HealthImaging: over the data stores of HEALTHIMAGING_DATASTORE_IDS, or without that\n' +
    'setting over the embedded HealthImaging. With --dicom that has the DICOM files of the folder; without, synthetic\n' +
    'sample image sets where its store is empty.',
  flags: {
    port: portFlag,
    host: hostFlag,
    dicom: {
      value: 'a folder of DICOM files, or a file',
      meaning: 'imports it into the embedded HealthImaging first, in place of samples; may be repeated',
    },
  },
};

interface Running {
  readonly gateway: Gateway;
  close(): Promise<void>;
}

async function run({ flags, environment, terminal }: Invocation): Promise<number> {
  const [port, host] = [flags.get('port')?.at(-1), flags.get('host')?.at(-1)];
  const given = {
    ...environment,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  };
  const config = loadConfig(given);
  const address: Address = { ...config.http, portSetting: port === undefined ? 'PORT' : '--port' };
  await tryAddress(address);
  const folders = flags.get('dicom') ?? [];
  const log = createLog({ level: config.process.logLevel, readable: terminal });
  warnOrRefuse(settingWarnings(given, config), config, (warning) => log.warn(warning));
  const { asked, signal } = untilStopped();
  const { datastoreIds } = config.upstream;
  const running = await listeningOn(address, () =>
    datastoreIds === undefined
      ? serveEmbedded(config, folders, { log, terminal, signal })
      : serveAws(config, datastoreIds, { log, folders }),
  );
  if (running === undefined) return 0;
  print(startLine(config));
  print(`The graph: ${running.gateway.url}/graphql`);
  log.info({ signal: await asked }, 'draining');
  await running.close();
  return 0;
}

export const serve: Command = { commandLine, run };

async function serveAws(
  config: Config,
  datastoreIds: readonly string[],
  { log, folders }: { readonly log: Log; readonly folders: readonly string[] },
): Promise<Running> {
  const { region, endpoint, cursorKeys } = config.upstream;
  const [first, ...others] = datastoreIds;
  if (first === undefined || region === undefined || folders.length > 0) {
    throw new ConfigError([
      ...(region === undefined ? ['AWS_REGION: expected the region of the data stores.'] : []),
      ...(folders.length > 0 ? ['--dicom: expected only without HEALTHIMAGING_DATASTORE_IDS.'] : []),
    ]);
  }
  if (cursorKeys === undefined) {
    log.warn(
      'CURSOR_KEYS is not set: cursors will not outlive this process, nor be known to another replica',
    );
  }
  const upstream: Upstream = {
    datastoreIds: [first, ...others],
    region,
    embedded: false,
    ...(endpoint !== undefined && { endpoint }),
  };
  const strict = config.process.settings === 'strict';
  const beforeListening: GatewayOptions['beforeListening'] = (api) =>
    askForDatastores(api, { datastoreIds, strict });
  const gateway = await createGateway({ config, upstream, log, beforeListening });
  return { gateway, close: () => gateway.close() };
}

/**
 * @returns undefined when it was told to stop before it served
 * @throws {UsageError} before anything is loaded, where a folder cannot be read
 */
async function serveEmbedded(
  config: Config,
  folders: readonly string[],
  { log, terminal, signal }: Pick<ImportOutput, 'log' | 'terminal'> & { readonly signal: AbortSignal },
): Promise<Running | undefined> {
  await expectReadable(folders);
  const datastores = openEmbedded(config, print);
  let cursorKey: Buffer;
  try {
    await fillStore(datastores.first, folders, { terminal, print, log, signal });
    cursorKey = await keptCursorKey(config);
  } catch (error) {
    datastores.close();
    if (signal.aborted) return undefined;
    throw error;
  }
  const local = await createLocalHealthImaging({ datastores, log, port: 0, ...bucketsOption(config) });
  const upstream: Upstream = {
    datastoreIds: [local.datastoreId],
    region: embeddedRegion(config),
    endpoint: local.url,
    embedded: true,
    cursorKeys: [cursorKey],
  };
  const release = async () => {
    await local.close();
    datastores.close();
  };
  const gateway = await createGateway({ config, upstream, log }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  print(`The local HealthImaging: ${local.url}, data store ${local.datastoreId}`);
  return {
    gateway,
    async close() {
      await gateway.close();
      await release();
    },
  };
}

async function fillStore(store: Store, folders: readonly string[], output: ImportOutput): Promise<void> {
  // Who has named files does not want samples beside them, nor in their place where none of them is DICOM.
  if (folders.length > 0) await importFolders(store, folders, output);
  else if (isEmpty(store)) await loadSamples(store, output);
}

async function expectReadable(folders: readonly string[]): Promise<void> {
  const faults: string[] = [];
  for (const folder of folders)
    if (!(await isReadable(folder)))
      faults.push(`--dicom: expected a folder or a file that can be read, which ${folder} is not.`);
  if (faults.length > 0) throw new UsageError(faults, commandLine.usage);
}
