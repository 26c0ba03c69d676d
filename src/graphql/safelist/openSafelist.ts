import { readFile } from 'node:fs/promises';

import type { GraphQLSchema, ParseOptions } from 'graphql';

import { ConfigError } from '../../config/config.ts';
import { readManifest } from './manifest.ts';
import { createSafelist, type Safelist } from './safelist.ts';

const setting = 'SAFELIST_MANIFEST';

/**
 * The safelist of a manifest's file, read once: registering more takes a restart.
 * @throws {ConfigError} naming every operation that does not fit the schema
 */
export async function openSafelist(
  file: string,
  schema: GraphQLSchema,
  parseOptions: ParseOptions,
): Promise<Safelist> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ConfigError([`${setting}: expected a file that can be read.`]);
  const manifest = readManifest(text, schema);
  if ('faults' in manifest) throw new ConfigError(manifest.faults.map((fault) => `${setting}: ${fault}.`));
  return createSafelist(manifest.operations, parseOptions);
}
