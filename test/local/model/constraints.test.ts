import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { inputs, type Shape } from '../../../src/local/model/constraints.ts';
import { routes } from '../../../src/local/operations/index.ts';

const modelFile = new URL('../../../../shared/contract/service-model.json', import.meta.url);

interface ModelShape {
  type: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  required?: string[];
  union?: boolean;
  member?: { shape: string };
  members?: Record<string, { shape: string; location?: string; locationName?: string }>;
  payload?: string;
}

interface Model {
  operations: Record<string, { http: { method: string; requestUri: string }; input: { shape: string } }>;
  shapes: Record<string, ModelShape>;
}

/** The model's shape in our words; an integer or a list of the model without a bound does not occur in a request. */
function translate(shapes: Model['shapes'], name: string): unknown {
  const {
    type,
    min,
    max,
    pattern,
    enum: names,
    required,
    union,
    member,
    members,
  } = shapes[name] ?? { type: '' };
  return {
    type,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
    ...(names !== undefined && { enum: names }),
    ...(required !== undefined && { required }),
    ...(union === true && { union }),
    ...(member !== undefined && { member: translate(shapes, member.shape) }),
    ...(members !== undefined && {
      members: Object.fromEntries(
        Object.entries(members).map(([key, { shape }]) => [key, translate(shapes, shape)]),
      ),
    }),
  };
}

/** Without the contract beside the repository there is nothing to compare with. */
const model = existsSync(modelFile) ? (JSON.parse(readFileSync(modelFile, 'utf8')) as Model) : undefined;

describe.each(Object.entries<Shape>(inputs))('the table of %s', (operation, shape) => {
  test('has the members, types and constraints of the service model', () => {
    const { operations, shapes } = model ?? { operations: {}, shapes: {} };
    const input = operations[operation]?.input.shape;
    expect(shape).toEqual(input === undefined ? shape : translate(shapes, input));
  });
});

test('routes bind what the service model binds, and cover every operation of it', () => {
  const bound = routes.map(({ operation, method, path, query, payload }) => ({
    operation,
    method,
    path,
    query: Object.hasOwn(inputs, operation) ? query : {},
    payload: Object.hasOwn(inputs, operation) ? payload : undefined,
  }));
  const modelled = Object.entries(model?.operations ?? {}).map(([operation, { http, input }]) => {
    const { members = {}, payload } = model?.shapes[input.shape] ?? {};
    const query = Object.entries(members)
      .filter(([, { location }]) => location === 'querystring')
      .map(([member, { locationName }]) => [locationName, member] as const);
    const built = Object.hasOwn(inputs, operation);
    return {
      operation,
      method: http.method,
      path: http.requestUri,
      query: built ? (Object.fromEntries(query) as Record<string, string>) : {},
      payload: built ? payload : undefined,
    };
  });
  const byName = (one: { operation: string }, other: { operation: string }) =>
    one.operation < other.operation ? -1 : 1;
  expect(bound.toSorted(byName)).toEqual(
    model === undefined ? bound.toSorted(byName) : modelled.toSorted(byName),
  );
});
