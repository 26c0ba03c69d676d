import type { DocumentNode } from 'graphql';

import type { Excess, OperationLimits } from './operationLimits.ts';
import { operationSizes, type OperationSize } from './operationSize.ts';

/** As many as the introspection query of graphql-js has, which GraphiQL, Apollo Sandbox and code generators send. */
const introspectionLevels = 15;

/** As many as probes have that ask what a server's introspection knows: those of Apollo Kotlin, gql.tada, Hot Chocolate. */
const introspectionRoots = 5;

/** Of one name in one selection set: more than clients repeat by their fragments. */
const mostRepeats = 50;

/** As many as a router may gather in one operation. */
const mostEntities = 50;

/** The first limit that an operation of the document exceeds; undefined when all of them are within all limits. */
export function operationExcess(document: DocumentNode, limits: OperationLimits): Excess | undefined {
  for (const size of operationSizes(document)) {
    const excess = excessOf(size, limits);
    if (excess !== undefined) return excess;
  }
  return undefined;
}

function excessOf(size: OperationSize, limits: OperationLimits): Excess | undefined {
  if (size.selections > limits.selections)
    return {
      limit: 'selections',
      message: `Expected at most ${limits.selections} selections, those of fragments counted at every spread.`,
    };
  if (size.levels > limits.depth)
    return { limit: 'depth', message: `Expected at most ${limits.depth} levels of fields.` };
  if (size.fields > limits.rootFields)
    return { limit: 'root_fields', message: `Expected at most ${limits.rootFields} root fields.` };
  if (size.entities > mostEntities)
    return { limit: 'entities', message: `Expected at most ${mostEntities} _entities.` };
  if (size.aliases > limits.aliases)
    return { limit: 'aliases', message: `Expected at most ${limits.aliases} aliases.` };
  if (size.repeats > mostRepeats)
    return {
      limit: 'repeats',
      message: `Expected each field with selections at most ${mostRepeats} times in a selection set.`,
    };
  if (size.directives > limits.directives)
    return { limit: 'directives', message: `Expected at most ${limits.directives} directives.` };
  const message = introspectionExcess(size.introspection);
  return message === undefined ? undefined : { limit: 'introspection', message };
}

/** Without aliases and cycles, no response below a root is larger than that of the standard introspection query. */
function introspectionExcess({
  roots,
  levels,
  listings,
  aliases,
}: OperationSize['introspection']): string | undefined {
  if (levels > introspectionLevels) return `Expected at most ${introspectionLevels} levels of introspection.`;
  if (listings > 1)
    return 'Expected introspection that lists the members of a type once, not those of their types.';
  if (roots > introspectionRoots) return `Expected at most ${introspectionRoots} of __schema and __type.`;
  return aliases > 0 ? 'Expected introspection without aliases below __schema and __type.' : undefined;
}
