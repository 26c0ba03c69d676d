import fc from 'fast-check';
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface FieldNode {
  readonly kind: 'field';
  readonly field: GraphQLField<unknown, unknown>;
  readonly arguments: readonly {
    readonly definition: GraphQLArgument;
    readonly value: unknown;
    readonly asVariable: boolean;
  }[];
  readonly condition: { readonly name: 'skip' | 'include'; readonly value: boolean } | undefined;
  readonly below: readonly Node[];
}

interface FragmentNode {
  readonly kind: 'fragment';
  readonly type: string;
  readonly named: boolean;
  /** How often it is spread at its place. */
  readonly times: number;
  readonly below: readonly Node[];
}

type Node = FieldNode | FragmentNode;

/** Values that an argument may get, wrong ones included, by its name. */
export type ArgumentValues = Readonly<Record<string, readonly unknown[]>>;

/**
 * Operations over a schema: any fields, some with aliases, arguments and variables, `@skip` and `@include`, in inline and
 * named fragments, the same one spread more than once.
 */
export function randomOperation(
  schema: GraphQLSchema,
  values: ArgumentValues,
): fc.Arbitrary<RandomOperation> {
  const query = schema.getQueryType();
  if (!query) throw new TypeError('Expected a schema with queries.');
  return selections(schema, values, query, 5).map((nodes) => print(nodes));
}

function fieldsOf(type: GraphQLCompositeType): GraphQLField<unknown, unknown>[] {
  return isUnionType(type) ? [] : Object.values(type.getFields()).filter(({ name }) => name !== '_service');
}

function selections(
  schema: GraphQLSchema,
  values: ArgumentValues,
  type: GraphQLCompositeType,
  depth: number,
): fc.Arbitrary<Node[]> {
  const isLeaf = (field: GraphQLField<unknown, unknown>) => !isCompositeType(getNamedType(field.type));
  const all = fieldsOf(type);
  const leaves = all.filter(isLeaf);
  const inner = depth > 0 ? all.filter((field) => !isLeaf(field)) : [];
  const fields = [...inner, ...inner, ...leaves];
  const field =
    fields.length === 0
      ? undefined
      : fc.constantFrom(...fields).chain((each) => fieldNode(schema, values, each, depth));
  const possible = isInterfaceType(type) || isUnionType(type) ? schema.getPossibleTypes(type) : [type];
  const fragment =
    depth === 0
      ? undefined
      : fc.constantFrom(...possible).chain((condition) =>
          fc.record({
            kind: fc.constant('fragment' as const),
            type: fc.constant(condition.name),
            named: fc.boolean(),
            times: fc.constantFrom(1, 1, 2),
            below: selections(schema, values, condition, depth - 1),
          }),
        );
  const choices: { arbitrary: fc.Arbitrary<Node>; weight: number }[] = [];
  if (field !== undefined) choices.push({ arbitrary: field, weight: 5 });
  if (fragment !== undefined) choices.push({ arbitrary: fragment, weight: field === undefined ? 5 : 1 });
  return choices.length === 0
    ? fc.constant([])
    : fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 3 });
}

function fieldNode(
  schema: GraphQLSchema,
  values: ArgumentValues,
  field: GraphQLField<unknown, unknown>,
  depth: number,
): fc.Arbitrary<FieldNode> {
  const type = getNamedType(field.type);
  const given = field.args.map((definition) => {
    const of = fc.record({
      definition: fc.constant(definition),
      value: fc.constantFrom(...(values[definition.name] ?? [null])),
      asVariable: fc.boolean(),
    });
    return String(definition.type).endsWith('!') ? of : fc.option(of, { nil: undefined });
  });
  return fc.record({
    kind: fc.constant('field' as const),
    field: fc.constant(field),
    arguments: fc.tuple(...given).map((all) => all.filter((each) => each !== undefined)),
    condition: fc.option(
      fc.record({ name: fc.constantFrom('skip' as const, 'include' as const), value: fc.boolean() }),
      { nil: undefined, freq: 6 },
    ),
    below: isCompositeType(type) ? selections(schema, values, type, depth - 1) : fc.constant([]),
  });
}

function print(nodes: readonly Node[]): RandomOperation {
  const variables: Record<string, unknown> = {};
  const definitions: string[] = [];
  const fragments: string[] = [];
  let count = 0;
  const variable = (type: string, value: unknown): string => {
    const name = `v${++count}`;
    definitions.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const set = (below: readonly Node[]) => `{ __typename ${below.map(of).join(' ')} }`;
  const of = (node: Node): string => {
    if (node.kind === 'fragment') {
      if (!node.named) return `... on ${node.type} ${set(node.below)} `.repeat(node.times);
      const name = `F${++count}`;
      fragments.push(`fragment ${name} on ${node.type} ${set(node.below)}`);
      return `...${name} `.repeat(node.times);
    }
    const { field, condition, below } = node;
    const given = node.arguments.map(({ definition, value, asVariable }) => {
      const isPlain = typeof value === 'number' || value === null;
      return `${definition.name}: ${asVariable || !isPlain ? variable(String(definition.type), value) : String(value)}`;
    });
    const directive = condition && `@${condition.name}(if: ${variable('Boolean!', condition.value)})`;
    // Each with a name of its own, so that no two of them have to merge.
    const alias = `f${++count}: `;
    return [
      `${alias}${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`}`,
      directive ?? '',
      isCompositeType(getNamedType(field.type)) ? set(below) : '',
    ].join(' ');
  };
  const body = set(nodes);
  const head = definitions.length === 0 ? 'query' : `query (${definitions.join(', ')})`;
  return { query: [`${head} ${body}`, ...fragments].join('\n'), variables };
}
