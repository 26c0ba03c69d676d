import { GraphQLError, type DocumentNode } from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';

/** The schema's files, its resolvers and its policies do not make a schema. Tells file and line where they are known. */
export class SchemaError extends Error {
  /** @param document what was to be built, where it could be parsed */
  constructor(cause: unknown, document?: DocumentNode) {
    super(
      `The schema cannot be used:\n${faultsOf(located(cause, document))
        .map((fault) => `  ${fault}`)
        .join('\n')}`,
      { cause },
    );
    this.name = 'SchemaError';
  }
}

/** Apollo's builder joins the messages of an invalid SDL and leaves out where they are from: the errors themselves. */
function located(cause: unknown, document: DocumentNode | undefined): unknown {
  if (!(cause instanceof Error) || cause instanceof GraphQLError || document === undefined) return cause;
  const messages = cause.message.split('\n\n');
  // Federation's own directives are unknown here, and none of the messages.
  const errors = validateSDL(document).filter(({ message }) => messages.includes(message));
  return errors.length > 0 ? new AggregateError(errors) : cause;
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
