import { readdirSync, readFileSync } from 'node:fs';

import { Kind, parse } from 'graphql';

import { withScopeDirectives } from './access/scopeDirectives.ts';

export interface SdlOptions {
  /** Publishes `@authenticated` and `@requiresScopes`. */
  readonly scopeDirectives?: boolean;
}

/** Beside src/ in a clone and beside dist/ in the package. */
const schemaDirectory = new URL('../../schema/', import.meta.url);

/** Two subgraphs that both have `Query.node` do not compose: it is for direct clients only. */
const directOnly = 'node.graphql';

function read(file: string): string {
  return readFileSync(new URL(file, schemaDirectory), 'utf8').trim();
}

/** Everything that the graph answers, `node` and `nodes` included. */
export function wholeSdl(): string {
  return files().map(read).join('\n\n');
}

/**
 * The subgraph's SDL, ready for composition: the schema's own text, since printing the built schema loses
 * `@composeDirective` and fails on `@oneOf`. The interface Node stays, its root fields are left out.
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

function nodeInterface(): string {
  const source = read(directOnly);
  const node = parse(source).definitions.find(({ kind }) => kind === Kind.INTERFACE_TYPE_DEFINITION);
  return source.slice(node?.loc?.start, node?.loc?.end);
}
