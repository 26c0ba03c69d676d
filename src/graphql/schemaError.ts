import { GraphQLError } from 'graphql';

/** The schema's files, its resolvers and its policies do not make a schema. Tells file and line where they are known. */
export class SchemaError extends Error {
  constructor(cause: unknown) {
    super(
      `The schema cannot be used:\n${faultsOf(cause)
        .map((fault) => `  ${fault}`)
        .join('\n')}`,
      { cause },
    );
    this.name = 'SchemaError';
  }
}

function faultsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return ['an unknown fault'];
  // What Apollo's builder throws, of all that it found.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.flatMap(faultsOf);
  if (!(error instanceof GraphQLError)) return [error.stack ?? error.message];
  const [place] = error.locations ?? [];
  const { name } = error.source ?? {};
  return [
    place === undefined || name === undefined
      ? error.message
      : `${name}:${place.line}:${place.column}: ${error.message}`,
  ];
}
