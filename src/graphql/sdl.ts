import { readdirSync, readFileSync } from 'node:fs';

import { Kind, parse, Source, type DocumentNode } from 'graphql';

import { withScopeDirectives } from './access/scopeDirectives.ts';
import { SchemaError } from './schemaError.ts';

export interface SdlOptions {
  /** Publishes `@authenticated` and `@requiresScopes`. */
  readonly scopeDirectives?: boolean;
}

/** Next to src/ in a clone, next to dist/ in the package. */
const schemaDirectory = new URL('../../schema/', import.meta.url);

/** For direct clients only, since two subgraphs with `Query.node` do not compose. */
const directOnly = 'node.graphql';

function read(file: string): string {
  return readFileSync(new URL(file, schemaDirectory), 'utf8').trimEnd();
}

/**
 * The whole schema, with `node` and `nodes`. Its nodes know their files.
 * @throws {SchemaError} for a syntax error
 */
export function wholeSchema(): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: files().flatMap((file) => parseFile(file).definitions) };
}

/**
 * The subgraph's SDL, ready for composition: the text of the schema's files, since printing the built schema loses
 * `@composeDirective` and fails on `@oneOf`. It has the interface Node, but not `node` and `nodes`.
 */
export function subgraphSdl({ scopeDirectives = false }: SdlOptions = {}): string {
  const parts = files().map((file) => (file === directOnly ? nodeInterface() : read(file)));
  const sdl = `${parts.join('\n\n')}\n`;
  return scopeDirectives ? withScopeDirectives(sdl) : sdl;
}

function files(): string[] {
  return readdirSync(schemaDirectory)
    .filter((file) => file.endsWith('.graphql'))
    .sort();
}

function parseFile(file: string): DocumentNode {
  try {
    return parse(new Source(read(file), `schema/${file}`));
  } catch (error) {
    throw new SchemaError(error);
  }
}

function nodeInterface(): string {
  const { definitions } = parseFile(directOnly);
  const loc = definitions.find(({ kind }) => kind === Kind.INTERFACE_TYPE_DEFINITION)?.loc;
  return loc?.source.body.slice(loc.start, loc.end) ?? '';
}
