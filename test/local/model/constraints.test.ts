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
  key?: { shape: string };
  value?: { shape: string };
  members?: Record<string, { shape: string; location?: string; locationName?: string }>;
  payload?: string;
}

interface Model {
  operations: Record<
    string,
    {
      http: { method: string; requestUri: string };
      endpoint?: { hostPrefix: string };
      input: { shape: string };
      output: { shape: string };
    }
  >;
  shapes: Record<string, ModelShape>;
}

/** The model's shape in the form of our table. Requests have no integer and no list without bounds. */
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
    key,
    value,
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
    ...(key !== undefined && { key: translate(shapes, key.shape) }),
    ...(value !== undefined && { value: translate(shapes, value.shape) }),
    ...(members !== undefined && {
      members: Object.fromEntries(
        Object.entries(members).map(([key, { shape }]) => [key, translate(shapes, shape)]),
      ),
    }),
  };
}

/** The model is not part of the repository. Without it there is nothing to compare with. */
const model = existsSync(modelFile) ? (JSON.parse(readFileSync(modelFile, 'utf8')) as Model) : undefined;

describe.each(Object.entries<Shape>(inputs))('the input of %s', (operation, shape) => {
  test('has the members, types and constraints of the service model', () => {
    const { operations, shapes } = model ?? { operations: {}, shapes: {} };
    const input = operations[operation]?.input.shape;
    expect(shape).toEqual(input === undefined ? shape : translate(shapes, input));
  });
});

interface Binding {
  readonly query?: object;
  readonly payload?: string;
  readonly response?: object;
}

/** The model's bindings of an operation that is supported. The others refuse every request. */
function boundByModel({ shapes }: Model, input: string, output: string): Binding {
  const located = (shape: string, location: string) =>
    Object.entries(shapes[shape]?.members ?? {}).filter(([, member]) => member.location === location);
  const query = located(input, 'querystring').map(([member, { locationName }]) => [locationName, member]);
  const headers = located(output, 'header').map(([member, { locationName = '' }]) => [
    locationName.toLowerCase(),
    member,
  ]);
  const request = shapes[input]?.payload;
  const response = shapes[output]?.payload;
  return {
    ...(query.length > 0 && { query: Object.fromEntries(query) as object }),
    ...(request !== undefined && { payload: request }),
    ...(response !== undefined && {
      response: { payload: response, headers: Object.fromEntries(headers) as object },
    }),
  };
}

test('routes have the bindings of the service model, and cover all its operations', () => {
  const routed = routes.map(
    ({ operation, method, path, hostPrefix, query, payload, response }) =>
      [
        operation,
        {
          http: `${method} ${path}`,
          ...(hostPrefix !== undefined && { hostPrefix }),
          ...(query !== undefined && { query }),
          ...(payload !== undefined && { payload }),
          ...(response !== undefined && { response }),
        },
      ] as const,
  );
  expect(new Set(routed.map(([operation]) => operation)).size).toBe(routed.length);
  if (model === undefined) return;
  const modelled = Object.entries(model.operations).map(
    ([operation, { http, endpoint, input, output }]) =>
      [
        operation,
        {
          http: `${http.method} ${http.requestUri}`,
          ...endpoint,
          ...(Object.hasOwn(inputs, operation) && boundByModel(model, input.shape, output.shape)),
        },
      ] as const,
  );
  expect(Object.fromEntries(routed)).toEqual(Object.fromEntries(modelled));
});
