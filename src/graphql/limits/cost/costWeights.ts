import {
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** `@listSize` of a field. */
export interface ListSize {
  readonly assumedSize: number;
  readonly slicingArguments: readonly string[];
  /** Fields of the returned object that are the list; empty: the field itself is. */
  readonly sizedFields: readonly string[];
}

/** What the schema says about the cost of a field. */
export interface FieldWeight {
  readonly weight: number;
  readonly isList: boolean;
  readonly listSize: ListSize | undefined;
}

type Field = GraphQLField<unknown, unknown>;
type Input = GraphQLArgument | GraphQLInputField;

/** The weights of a schema, read once from its `@cost` and `@listSize`. */
export interface CostWeights {
  ofField(field: Field): FieldWeight;
  /** Of an object of this type where its field has no `@cost`: for an entity, what reading it costs. */
  ofType(type: GraphQLNamedType): number;
  /** Undefined where the schema has no `@cost`. */
  ofInput(input: Input): number | undefined;
}

const free: FieldWeight = { weight: 0, isList: false, listSize: undefined };

/**
 * Reads the weights, with the defaults of Apollo Router's demand control (apollo-router, static_cost.rs): a field's `@cost`
 * takes precedence over that of its type; without either, objects cost 1, scalars and enums nothing.
 * @throws {TypeError} for a list of objects that no `@listSize` bounds, since its cost would have no bound either
 */
export function createCostWeights(schema: GraphQLSchema): CostWeights {
  const cost = directiveOf(schema, 'cost');
  const listSize = directiveOf(schema, 'listSize');
  const ofType = (type: GraphQLNamedType) => weightOf(cost, type) ?? (isCompositeType(type) ? 1 : 0);
  const fields = new Map<Field, FieldWeight>();
  const inputs = new Map<Input, number>();
  const keepInput = (input: Input) => {
    const weight = weightOf(cost, input) ?? weightOf(cost, getNamedType(input.type));
    if (weight !== undefined) inputs.set(input, weight);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) Object.values(type.getFields()).forEach(keepInput);
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.args.forEach(keepInput);
      fields.set(field, {
        weight: weightOf(cost, field) ?? ofType(getNamedType(field.type)),
        isList: isListType(getNullableType(field.type)),
        listSize: listSizeOf(listSize, field),
      });
    }
  }
  checkBounds(schema, fields);
  return {
    ofField: (field) => fields.get(field) ?? free,
    ofType,
    ofInput: (input) => inputs.get(input),
  };
}

function directiveOf(schema: GraphQLSchema, name: string): GraphQLDirective {
  const directive = schema.getDirective(name);
  if (!directive) throw new TypeError(`Expected a schema with the directive @${name}.`);
  return directive;
}

interface Element {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

function valuesOf(directive: GraphQLDirective, { astNode }: Element) {
  return astNode?.directives === undefined
    ? undefined
    : getDirectiveValues(directive, { directives: astNode.directives });
}

function weightOf(cost: GraphQLDirective, element: Element): number | undefined {
  const weight = valuesOf(cost, element)?.['weight'];
  return typeof weight === 'number' ? weight : undefined;
}

function listSizeOf(directive: GraphQLDirective, element: Element): ListSize | undefined {
  const values = valuesOf(directive, element);
  if (values === undefined) return undefined;
  const { assumedSize, slicingArguments, sizedFields } = values;
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : 0,
    slicingArguments: namesOf(slicingArguments),
    sizedFields: namesOf(sizedFields),
  };
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** `_entities` is as long as its representations; a subgraph cannot say so, having no directives on it. */
function checkBounds(schema: GraphQLSchema, fields: ReadonlyMap<Field, FieldWeight>): void {
  const sized = new Set(schema.getQueryType()?.getFields()['_entities'] ? ['_entities'] : []);
  for (const { listSize } of fields.values()) listSize?.sizedFields.forEach((name) => sized.add(name));
  for (const [field, { isList, listSize }] of fields) {
    if (!isList || !isCompositeType(getNamedType(field.type))) continue;
    if (!sized.has(field.name) && listSize === undefined)
      throw new TypeError(`Expected @listSize for the list ${field.name}.`);
  }
}
