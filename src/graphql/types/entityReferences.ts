import { isUnionType, Kind, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

import { badUserInput } from '../../errors.ts';
import { largestSizes } from './largestSizes.ts';

/** What is expected, in no names of the schema. */
const unnamed = 'the __typename of an entity, and the text of one of its keys';

type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

/**
 * Checks representations before they are resolved, since a client may send any JSON as one. A wrong one is an error in its
 * own place; @apollo/subgraph would fail all of them, or take a missing key for a default.
 */
export function guardEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const union = schema.getType('_Entity');
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined || !isUnionType(union)) {
    throw new TypeError('Expected the schema of a subgraph with entities.');
  }
  const keysOfTypes = new Map(union.getTypes().map((type) => [type.name, keysOf(type)]));
  const types = [...keysOfTypes.keys()].sort().join(', ');
  const counts = new WeakMap<object, number>();
  field.resolve = (root, args: { readonly representations: readonly unknown[] }, context, info) => {
    const { representations } = args;
    // Those of all `_entities` of the operation: a router may divide them among several.
    const count = representations.length + (counts.get(context as object) ?? 0);
    counts.set(context as object, count);
    if (count > largestSizes.representations) {
      throw badUserInput('representations', `at most ${largestSizes.representations} of them`);
    }
    return representations.map((each, index) => {
      const place = `representations[${index}]`;
      if (!isRepresentation(each))
        return badUserInput(place, `an object whose __typename is one of ${types}`, unnamed);
      const expected = keysOfTypes.get(each.__typename);
      if (expected === undefined) return badUserInput(place, `a __typename that is one of ${types}`, unnamed);
      const reference = referenceOf(each, expected);
      if (reference === undefined) {
        return badUserInput(
          place,
          `the text of ${expected.map((key) => key.join(' and ')).join(', or of ')}`,
          unnamed,
        );
      }
      return entityOf(() => resolve(root, { representations: [reference] }, context, info));
    });
  };
}

/**
 * A representation with the fields of its keys that are given, and nothing else; a resolver finds out whether those that are
 * given in part name the same object. Undefined where no key is whole, or a field of one is neither text nor null.
 */
function referenceOf(
  representation: Representation,
  keys: readonly (readonly string[])[],
): Representation | undefined {
  const names = new Set(keys.flat());
  const given = Object.entries(representation).filter(
    ([name, value]) => names.has(name) && value !== null && value !== undefined,
  );
  const reference = { ...Object.fromEntries(given), __typename: representation.__typename };
  const isWhole = keys.some((key) => key.every((name) => isText(reference, name)));
  return isWhole && given.every(([, value]) => typeof value === 'string') ? reference : undefined;
}

/** What is thrown for one representation is the error of its own place. */
function entityOf(resolve: () => unknown): unknown {
  try {
    const [entity] = resolve() as [unknown];
    return entity;
  } catch (error) {
    return error instanceof Error ? error : new TypeError('Expected an error.');
  }
}

function isRepresentation(value: unknown): value is Representation {
  return typeof value === 'object' && value !== null && isText(value, '__typename');
}

function isText(value: object, name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(value, name);
  return typeof descriptor?.value === 'string';
}

/** The fields of each `@key` of a type. */
function keysOf(type: GraphQLObjectType): string[][] {
  return (type.astNode?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .map(({ arguments: given = [] }) => {
      const fields = given.find(({ name }) => name.value === 'fields')?.value;
      return fields?.kind === Kind.STRING ? fields.value.split(/\s+/) : [];
    });
}
