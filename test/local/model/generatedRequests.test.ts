import { existsSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Shape, StringShape } from '../../../src/local/model/constraints.ts';
import { routes } from '../../../src/local/operations/index.ts';
import type { Route } from '../../../src/local/operations/route.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

// Requests made from the service model alone: whatever it forbids is refused, whatever is answered has its form, and nothing is the
// server's fault.

let local: Local;
beforeAll(async () => {
  local = await withLocal({ onDisk: true, imageSets: manyImageSets(2_000) });
});
afterAll(() => local.close());

/** Values of a shape, some of them wrong. */
function valueOf(shape: Shape, name: string): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(null, '', 0, -1, true, [], {}, 'é'.repeat(300), '\u0000');
  return fc.oneof({ weight: 30, arbitrary: rightOf(shape, name) }, { weight: 1, arbitrary: wrong });
}

function rightOf(shape: Shape, name: string): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.oneof(fc.double({ min: 0, max: 2e9, noNaN: true }), fc.constant(-1e15));
    case 'integer':
      return fc.integer({ min: shape.min - 1, max: shape.max + 1 });
    case 'blob':
      return fc
        .oneof(fc.constant({ Study: { DICOM: { StudyDescription: 'X' } } }), fc.jsonValue())
        .map((value) => Buffer.from(JSON.stringify(value)).toString('base64'));
    case 'string':
      return textOf(shape, name);
    case 'list':
      return fc.array(valueOf(shape.member, name), { minLength: 0, maxLength: Math.min(shape.max, 2) + 1 });
    case 'map':
      return fc.dictionary(textOf(shape.key, name), textOf(shape.value, name), { maxKeys: 3 });
    case 'structure':
      return structureOf(shape);
  }
}

function structureOf(shape: Extract<Shape, { type: 'structure' }>): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(
    Object.entries(shape.members).map(([member, below]) => [member, valueOf(below, member)]),
  );
  if (shape.union !== true) return fc.record(members, { requiredKeys: [...(shape.required ?? [])] });
  const one = Object.entries(members).map(([member, value]) => value.map((each) => ({ [member]: each })));
  return fc.oneof({ weight: 9, arbitrary: fc.oneof(...one) }, fc.record(members, { requiredKeys: [] }));
}

/** Of members whose pattern chance does not meet. */
const examples: Readonly<Record<string, string>> = {
  dataAccessRoleArn: 'arn:aws:iam::000000000000:role/none',
  inputOwnerAccountId: '000000000000',
  kmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1',
  lambdaAuthorizerArn: 'arn:aws:lambda:us-east-1:000000000000:function:authorize',
  tags: 'key',
};

/** What a client may know of the server, so that requests come past the check of their form. */
function knownOf(name: string): fc.Arbitrary<string> | undefined {
  const { datastoreId, store } = local;
  const imageSetIds = () => store.prepare('SELECT image_set_id FROM image_set LIMIT 5').all();
  if (name === 'datastoreId') {
    // Others are made by the requests; the first has too many image sets to be deleted.
    const newest = () => local.datastores.list({ status: 'ACTIVE', after: 0, limit: 100 }).at(-1);
    return fc.nat(5).map((choice) => (choice > 0 ? datastoreId : (newest()?.datastoreId ?? datastoreId)));
  }
  if (name === 'jobId') {
    const job = () => store.prepare('SELECT job_id FROM import_job LIMIT 1').get()?.['job_id'];
    return fc.constant(undefined).map(() => String(job() ?? '0'.repeat(32)));
  }
  if (/imageSetId$/i.test(name))
    return fc.nat(4).map((index) => String(imageSetIds()[index]?.['image_set_id'] ?? '0'.repeat(32)));
  if (name === 'latestVersionId' || name === 'versionId') return fc.constantFrom('1', '1', '1', '2');
  if (name === 'resourceArn') return fc.constant(store.datastore.arn);
  if (name === 'clientToken') return fc.nat(50).map((number) => `token-${number}`);
  if (name === 'copiableAttributes') return fc.json();
  const example = examples[name];
  if (example !== undefined) return fc.constant(example);
  if (name.endsWith('S3Uri')) return fc.constantFrom('s3://bucket/in', 's3://bucket', 's3://bucket/../x');
  return undefined;
}

function textOf(
  { min = 0, max = 40, pattern, enum: names }: StringShape,
  name: string,
): fc.Arbitrary<string> {
  const length = { minLength: min, maxLength: Math.min(max, 40) };
  const free = fc.oneof(fc.string(length), fc.string({ ...length, unit: 'grapheme' }));
  const matching = /^\[[^\]]+\]/.test(pattern ?? '')
    ? fc.stringMatching(new RegExp(`^(?:${pattern ?? ''})$`))
    : free;
  const known = knownOf(name);
  return fc.oneof(
    { weight: 20, arbitrary: names === undefined ? (known ?? matching) : fc.constantFrom(...names) },
    { weight: 1, arbitrary: matching },
    { weight: 1, arbitrary: free },
  );
}

/** Whether the model forbids a value: as plainly as its words. */
function forbids(shape: Shape, value: unknown): boolean {
  const outside = (size: number, bounds: { min?: number; max?: number }) =>
    size < (bounds.min ?? 0) || size > (bounds.max ?? Infinity);
  switch (shape.type) {
    case 'boolean':
      return typeof value !== 'boolean';
    case 'timestamp':
      return typeof value !== 'number';
    case 'integer':
      return !Number.isInteger(value) || Number(value) < shape.min || Number(value) > shape.max;
    case 'blob':
      return typeof value !== 'string' || outside(Buffer.from(value, 'base64').length, shape);
    case 'string':
      return (
        typeof value !== 'string' ||
        outside(Array.from(value).length, shape) ||
        (shape.enum !== undefined && !shape.enum.includes(value)) ||
        (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value))
      );
    case 'list': {
      if (!Array.isArray(value)) return true;
      const items = value.filter((item: unknown) => item !== null);
      return outside(items.length, shape) || items.some((item: unknown) => forbids(shape.member, item));
    }
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
      const entries = Object.entries(value).filter(([, each]) => each !== null);
      return entries.some(([key, each]) => forbids(shape.key, key) || forbids(shape.value, each));
    }
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
      const given = Object.entries(value).filter(([name, each]) => each !== null && name in shape.members);
      const missing = (shape.required ?? []).some((name) => !given.some(([each]) => each === name));
      const wrongUnion = shape.union === true && given.length !== 1;
      return (
        missing ||
        wrongUnion ||
        given.some(([name, each]) => {
          const member = shape.members[name];
          return member !== undefined && forbids(member, each);
        })
      );
    }
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The request of some members; undefined where these cannot be written in a path or a query. */
async function send(route: Route, members: Members) {
  const text = (value: unknown) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(text(members[name])),
  );
  const query = new URLSearchParams();
  for (const [parameter, member] of Object.entries(route.query ?? {})) {
    const value = members[member];
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if (each !== undefined && each !== null) query.append(parameter, text(each));
  }
  const elsewhere = new Set([
    ...Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name]) => name),
    ...Object.values(route.query ?? {}),
  ]);
  const inBody = Object.fromEntries(Object.entries(members).filter(([name]) => !elsewhere.has(name)));
  const body = route.payload === undefined ? inBody : (members[route.payload] ?? undefined);
  const response = await fetch(`${local.url}${path}?${query.toString()}`, {
    method: route.method,
    ...(route.method === 'POST' && body !== undefined && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    bytes: Buffer.from(await response.arrayBuffer()),
    headers: response.headers,
  };
}

interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly payload?: string;
  readonly member?: { readonly shape: string };
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly location?: string }>>;
}
interface Model {
  readonly shapes: Readonly<Record<string, ModelShape>>;
  readonly operations: Readonly<Record<string, { readonly output: { readonly shape: string } }>>;
}

/** It lies beside the repository, or nowhere: then the form of answers is not compared. */
const modelFile = new URL('../../../../shared/contract/service-model.json', import.meta.url);
const model = existsSync(modelFile) ? (JSON.parse(readFileSync(modelFile, 'utf8')) as Model) : undefined;

/** Where an answer is not as the model has it. */
function faultsOf({ shapes }: Model, name: string, value: unknown, path: string): string[] {
  const { type, required = [], pattern, enum: names, member, members = {} } = shapes[name] ?? { type: '' };
  if (value === null || value === undefined) return [];
  if (type === 'structure') {
    if (typeof value !== 'object') return [path];
    const given = value as Members;
    const missing = required.filter(
      (each) => members[each]?.location === undefined && given[each] === undefined,
    );
    const unknown = Object.keys(given).filter((each) => !(each in members));
    const below = Object.entries(members).flatMap(([each, { shape }]) =>
      faultsOf({ shapes, operations: {} }, shape, given[each], `${path}.${each}`),
    );
    return [...missing, ...unknown].map((each) => `${path}.${each}`).concat(below);
  }
  if (type === 'list')
    return Array.isArray(value)
      ? value.flatMap((each) => faultsOf({ shapes, operations: {} }, member?.shape ?? '', each, `${path}[]`))
      : [path];
  if (type === 'string') {
    const fits =
      typeof value === 'string' &&
      (names?.includes(value) ?? true) &&
      (pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(value));
    return fits ? [] : [path];
  }
  if (type === 'integer' || type === 'timestamp') return typeof value === 'number' ? [] : [path];
  return type === 'boolean' && typeof value !== 'boolean' ? [path] : [];
}

test('10,000 requests: what the model forbids is refused, and answers have its form', async () => {
  const requests = routes.map((route) =>
    structureOf(route.input).map((members) => ({ route, members: members as Members })),
  );
  const request = fc.oneof(...requests);
  const answered = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ route, members }) => {
      const { status, bytes, headers } = await send(route, members);
      expect(status).toBeLessThan(500);
      const inQuery = Object.values(route.query ?? {});
      const isInBody = (name: string) => !inQuery.includes(name) && !route.path.includes(`{${name}}`);
      // A path and a query carry text alone: a number or a boolean is another value there.
      const written = Object.fromEntries(
        Object.entries(members).filter(([name, value]) => isInBody(name) || typeof value === 'string'),
      );
      const known = Object.fromEntries(
        Object.entries(route.input.members).filter(([name]) => name in written || !(name in members)),
      );
      if (forbids({ ...route.input, members: known, required: [] }, written)) expect(status).not.toBe(200);
      if (status !== 200) {
        expect(headers.get('x-amzn-errortype')).toMatch(/Exception$/);
        return;
      }
      answered.set(route.operation, (answered.get(route.operation) ?? 0) + 1);
      if (model === undefined) return;
      const output = model.operations[route.operation]?.output.shape ?? '';
      // A document is no structure of the model.
      const isDocument = model.shapes[output]?.payload !== undefined;
      const faults = isDocument ? [] : faultsOf(model, output, JSON.parse(bytes.toString()), route.operation);
      expect(faults).toEqual([]);
    }),
    propertyParameters(10_000),
  );
  // Those that refuse everything for now are not among them.
  const supported = routes.filter(({ input }) => Object.keys(input.members).length > 0);
  expect([...answered.keys()].sort()).toEqual(supported.map(({ operation }) => operation).sort());
}, 120_000);
