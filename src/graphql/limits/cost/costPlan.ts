import {
  BREAK,
  getDirectiveValues,
  getNamedType,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import { argumentValues } from '../../coercedVariables.ts';
import type { CostWeights, ListSize } from './costWeights.ts';
import { fragmentsOf } from '../operationSize.ts';
import {
  fieldCost,
  nothing,
  selectionCost,
  type EntityCost,
  type FieldCost,
  type SelectionCost,
} from './costs.ts';
import { inputCost } from './inputCost.ts';
import { sharingRows } from './sharedRows.ts';
import { largestSizes } from '../../types/largestSizes.ts';

export interface CostRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
}

const notSized: readonly string[] = [];

/** What `_entities` costs at least: as much as a call of HealthImaging. */
const leastForEntities = 10;

/**
 * The largest cost that an operation can have, as a plan from which `actualCost` computes what its response cost. Computed
 * as Apollo Router's demand control does from the same directives (apollo-router, static_cost.rs): a field costs its weight
 * and its selections, times the length of its list, and its arguments once; a field that is selected twice counts twice.
 * Unlike the Router, which sees operations before their variables are coerced, we
 * - count the rows of a connection once, where it shows them both as `edges` and as `nodes`;
 * - apply `@skip` and `@include` with variables, and on fragments;
 * - leave out fragments that cannot apply to an object whose type is known;
 * - count a list of representations by the type of each, since a subgraph cannot put directives on `_entities`;
 * - count the rows of a search although no list of it is selected, as in `{ pageInfo { endCursor } }`: they are read.
 */
export function planCost(weights: CostWeights, request: CostRequest): SelectionCost {
  const { schema, document, operation, variables } = request;
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation);
  const planning = {
    ...{ weights, schema, variables, fragments },
    rootFields: root?.getFields() ?? {},
    planned: new Map<string, SelectionCost>(),
  };
  return root
    ? planSelectionSet(planning, operation.selectionSet, { parent: root, sized: notSized })
    : nothing;
}

interface Planning {
  readonly weights: CostWeights;
  readonly schema: GraphQLSchema;
  readonly variables: CostRequest['variables'];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly rootFields: Readonly<Record<string, GraphQLField<unknown, unknown>>>;
  /** Each fragment is planned once for each kind of place that it is spread in, so that the time is linear in the document. */
  readonly planned: Map<string, SelectionCost>;
}

interface Place {
  readonly parent: GraphQLCompositeType;
  /** The fields whose length the field above decides. */
  readonly sized: readonly string[];
}

function planSelectionSet(
  planning: Planning,
  selectionSet: SelectionSetNode | undefined,
  place: Place,
): SelectionCost {
  if (selectionSet === undefined) return nothing;
  const parts = selectionSet.selections.map((selection) => planSelection(planning, selection, place));
  return selectionCost(parts);
}

function planSelection(
  planning: Planning,
  selection: SelectionNode,
  place: Place,
): FieldCost | SelectionCost {
  if (!isIncluded(selection, planning.variables)) return nothing;
  if (selection.kind === Kind.FRAGMENT_SPREAD) return planFragment(planning, selection.name.value, place);
  if (selection.kind === Kind.INLINE_FRAGMENT) return planCondition(planning, selection, place);
  const { parent } = place;
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  const field = hasFields ? parent.getFields()[selection.name.value] : undefined;
  return field === undefined ? nothing : planField(planning, selection, { field, sized: place.sized });
}

function planFragment(planning: Planning, name: string, place: Place): SelectionCost {
  const key = `${name} ${place.parent.name} ${place.sized.join(' ')}`;
  const known = planning.planned.get(key);
  if (known !== undefined) return known;
  planning.planned.set(key, nothing);
  const fragment = planning.fragments.get(name);
  const plan = fragment === undefined ? nothing : planCondition(planning, fragment, place);
  planning.planned.set(key, plan);
  return plan;
}

function planCondition(
  planning: Planning,
  { typeCondition, selectionSet }: FragmentDefinitionNode | InlineFragmentNode,
  { parent, sized }: Place,
): SelectionCost {
  const { schema } = planning;
  const type = typeCondition === undefined ? parent : schema.getType(typeCondition.name.value);
  if (!isCompositeType(type)) return nothing;
  if (isAbstractType(parent)) return planSelectionSet(planning, selectionSet, { parent: type, sized });
  const applies = type === parent || (isAbstractType(type) && schema.isSubType(type, parent));
  return applies ? planSelectionSet(planning, selectionSet, { parent, sized }) : nothing;
}

function planField(
  planning: Planning,
  node: FieldNode,
  { field, sized }: { readonly field: GraphQLField<unknown, unknown>; readonly sized: readonly string[] },
): FieldCost {
  const { weights } = planning;
  const given = argumentsOf(field, node, planning.variables);
  const argumentsCost = field.args.reduce((sum, each) => sum + inputCost(weights, each, given[each.name]), 0);
  const { weight, isList, listSize } = weights.ofField(field);
  const known = {
    kind: 'field',
    name: field.name,
    given,
    responseName: (node.alias ?? node.name).value,
    weight,
    isList,
    isSized: sized.includes(field.name),
  } as const;
  if (field.name === '_entities') {
    return { ...known, size: 1, ...planEntities(planning, node, { given, once: argumentsCost }) };
  }
  const parent = getNamedType(field.type);
  const below = isCompositeType(parent)
    ? oncePerDocument(planning, { node, field }, () =>
        sharingRows(
          planSelectionSet(planning, node.selectionSet, { parent, sized: listSize?.sizedFields ?? notSized }),
        ),
      )
    : nothing;
  const size = listSize === undefined ? 1 : sizeOf(listSize, given);
  // A field that makes no call of its own (weight 0) reads no rows either.
  const unseenRows = listSize !== undefined && !isList && !below.lists && weight > 0 ? size : 0;
  return fieldCost({ ...known, below, size, once: argumentsCost + unseenRows });
}

interface SelectedField {
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
}

const plansOfDocuments = new WeakMap<
  FieldNode,
  { readonly field: SelectedField['field']; readonly below: SelectionCost }
>();

/** The plan below a root field, kept for as long as Apollo Server keeps the document, unless variables are used there. */
function oncePerDocument(
  { fragments, rootFields }: Planning,
  { node, field }: SelectedField,
  plan: () => SelectionCost,
): SelectionCost {
  if (rootFields[field.name] !== field) return plan();
  const known = plansOfDocuments.get(node);
  if (known?.field === field) return known.below;
  const below = plan();
  if (!usesVariables(node.selectionSet, fragments)) plansOfDocuments.set(node, { field, below });
  return below;
}

/** Whether an argument or a directive of these selections, those of their fragments included, has a variable in it. */
function usesVariables(
  selectionSet: SelectionSetNode | undefined,
  fragments: Planning['fragments'],
): boolean {
  const pending = new Set(selectionSet === undefined ? [] : [selectionSet]);
  const use = { found: false };
  // A set goes on over what is added meanwhile, and takes each fragment once.
  for (const selections of pending) {
    visit(selections, {
      Variable() {
        use.found = true;
        return BREAK;
      },
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment !== undefined) pending.add(fragment.selectionSet);
      },
    });
    if (use.found) return true;
  }
  return false;
}

function planEntities(
  planning: Planning,
  { selectionSet }: FieldNode,
  {
    given: { representations },
    once,
  }: { readonly given: Readonly<Record<string, unknown>>; readonly once: number },
) {
  const costs = new Map<string, EntityCost>();
  const costOf = (name: string): EntityCost => {
    const type = planning.schema.getType(name);
    if (!isObjectType(type)) return { weight: 0, below: nothing };
    const below = planSelectionSet(planning, selectionSet, { parent: type, sized: notSized });
    return { weight: planning.weights.ofType(type), below };
  };
  const given = Array.isArray(representations) ? representations : [];
  const isRefused = given.length > largestSizes.representations;
  const entities = (isRefused ? [] : given).map((representation) => {
    const name = typeNameOf(representation);
    const cost = costs.get(name) ?? costOf(name);
    costs.set(name, cost);
    return cost;
  });
  const each = entities.reduce((sum, { weight, below }) => sum + weight + below.fixed, 0);
  // However little is asked of entities: they count as no root fields.
  const atLeast = Math.max(once, leastForEntities - each);
  return { below: nothing, once: atLeast, entities, fixed: atLeast + each, perItem: 0, lists: false };
}

function isIncluded(selection: SelectionNode, variables: CostRequest['variables']): boolean {
  return orWhatExecutionRefuses(
    () =>
      getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false,
    true,
  );
}

function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: CostRequest['variables'],
): Readonly<Record<string, unknown>> {
  return orWhatExecutionRefuses(() => argumentValues(field, node, variables), {});
}

/**
 * A variable with a default may be null where null is not allowed: only execution finds that out, before any resolver of the
 * field is called.
 */
function orWhatExecutionRefuses<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return otherwise;
  }
}

/** A size that is out of range is refused by the field's resolver, with a message that says so: it costs nothing. */
function sizeOf(
  { assumedSize, slicingArguments }: ListSize,
  given: Readonly<Record<string, unknown>>,
): number {
  const sizes = slicingArguments.flatMap((name) => {
    const value = given[name];
    if (Array.isArray(value)) return [value.length > largestSizes.nodes ? 0 : value.length];
    return typeof value === 'number' ? [value < 1 || value > largestSizes.first ? 0 : value] : [];
  });
  return sizes.length === 0 ? assumedSize : Math.max(...sizes);
}

function typeNameOf(representation: unknown): string {
  return typeof representation === 'object' &&
    representation !== null &&
    '__typename' in representation &&
    typeof representation.__typename === 'string'
    ? representation.__typename
    : '';
}
