import { readFile } from 'node:fs/promises';

import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';

import { ConfigError } from '../../config/config.ts';
import type { Log } from '../../log/log.ts';
import type { RequestContext } from '../context.ts';
import { readManifest, type RegisteredOperation } from './manifest.ts';
import { createRegisteredOperations } from './registeredOperations.ts';
import { safelistPlugin } from './safelistPlugin.ts';

const setting = 'SAFELIST_MANIFEST';

export interface SafelistOptions {
  /** `enforce` refuses operations that are not registered, `audit` counts and logs them, `off` takes any. */
  readonly mode: 'off' | 'audit' | 'enforce';
  /** The file with the persisted query manifest. */
  readonly manifest: string | undefined;
}

export interface SafelistDependencies {
  /** Of a document that is compared with the registered ones: a longer one counts as not registered. */
  readonly limits: { readonly lexicalTokens: number };
  readonly log: Pick<Log, 'info'>;
  readonly metrics: { countUnregistered(): void };
}

/** What Apollo Server needs to keep to the operations that are registered with the graph. */
export interface Safelist {
  /** To come first: nothing else looks at an operation that is not registered. */
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
  /** An operation's name where it is registered; undefined for any other, which may be any text of a client's. */
  readonly registeredName: (name: string | undefined) => string | undefined;
}

/**
 * The manifest is read once: registering more operations takes a restart.
 * @throws {ConfigError} naming every operation that does not fit the schema
 */
export async function createSafelist(
  { mode, manifest }: SafelistOptions,
  schema: GraphQLSchema,
  { limits, log, metrics }: SafelistDependencies,
): Promise<Safelist> {
  if (mode === 'off' || manifest === undefined) return { plugins: [], registeredName: () => undefined };
  const operations = await readManifestFile(manifest, schema);
  const registered = createRegisteredOperations(operations, { maxLexicalTokens: limits.lexicalTokens });
  const reportUnregistered = ({ requestId }: RequestContext) => {
    metrics.countUnregistered();
    log.info({ requestId }, 'not in the safelist');
  };
  return {
    plugins: [safelistPlugin({ registered, mode, reportUnregistered })],
    registeredName: (name) => (name !== undefined && registered.hasName(name) ? name : undefined),
  };
}

async function readManifestFile(
  file: string,
  schema: GraphQLSchema,
): Promise<readonly RegisteredOperation[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ConfigError([`${setting}: expected a file that can be read.`]);
  const manifest = readManifest(text, schema);
  if ('faults' in manifest) throw new ConfigError(manifest.faults.map((fault) => `${setting}: ${fault}.`));
  return manifest.operations;
}
