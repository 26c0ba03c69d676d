import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';

import { buildSchema } from '../../../src/graphql/schema.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
let production: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  production = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: { NODE_ENV: 'production' },
  });
});
afterAll(async () => {
  await production[Symbol.asyncDispose]();
  await local.close();
});

const schema = buildSchema({ scopeDirectives: false });

/** Every name that the schema has, of whatever kind. */
function namesOf(graph: GraphQLSchema): Set<string> {
  const names = new Set<string>(
    graph.getDirectives().flatMap(({ name, args }) => [name, ...args.map((each) => each.name)]),
  );
  for (const type of Object.values(graph.getTypeMap())) {
    names.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name);
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const { name, args } of Object.values(type.getFields())) {
        names.add(name);
        for (const argument of args) names.add(argument.name);
      }
    }
  }
  return names;
}

const names = namesOf(schema);

/** Names of the schema that are words of English: the fixed sentences use them, whatever was sent. */
const english = new Set(
  'and arguments date directive field fragment key name of time to type value values'.split(' '),
);

const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_');

/** A name within an edit distance of 1 or 2 of one of the schema, and none of it. */
const misspelt = fc
  .tuple(
    fc.constantFrom(...names),
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('insert', 'delete', 'replace', 'swap'), fc.constantFrom(...letters)),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  )
  .map(([name, edits]) =>
    edits.reduce((text, [at, kind, letter]) => edit(text, at % text.length, kind, letter), name),
  )
  .filter((name) => /^(?!__)[A-Za-z_]\w*$/.test(name) && !names.has(name));

function edit(text: string, at: number, kind: string, letter: string): string {
  if (kind === 'insert') return text.slice(0, at) + letter + text.slice(at);
  if (kind === 'replace') return text.slice(0, at) + letter + text.slice(at + 1);
  if (kind === 'swap')
    return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
  return text.length > 2 ? text.slice(0, at) + text.slice(at + 1) : text + letter;
}

interface Request {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const search =
  'query ($filter: ImageSetFilter, $sort: ImageSetSort) { imageSets(filter: $filter, sort: $sort) { nodes { id } } }';

/** Everywhere that a name can stand. */
const places: Readonly<Record<string, (name: string) => Request>> = {
  'a root field': (name) => ({ query: `{ ${name} }` }),
  'a root field with a selection': (name) => ({ query: `{ ${name} { id } }` }),
  'a field of an image set': (name) => ({ query: `{ imageSets { nodes { ${name} } } }` }),
  'a tag': (name) => ({ query: `{ imageSets { nodes { dicomTags { ${name} } } } }` }),
  'an argument': (name) => ({ query: `{ imageSets(${name}: 1) { nodes { id } } }` }),
  'a filter in the document': (name) => ({
    query: `{ imageSets(filter: { ${name}: { equal: "x" } }) { nodes { id } } }`,
  }),
  'a match in the document': (name) => ({
    query: `{ imageSets(filter: { patientId: { ${name}: "x" } }) { nodes { id } } }`,
  }),
  'an enum value in the document': (name) => ({
    query: `{ imageSets(sort: { field: ${name}, order: ${name} }) { nodes { id } } }`,
  }),
  'a type of a fragment': (name) => ({ query: `{ imageSets { nodes { ... on ${name} { id } } } }` }),
  'a type of a variable': (name) => ({
    query: `query ($x: ${name}) { imageSets(filter: $x) { nodes { id } } }`,
  }),
  'a variable of another type': (name) => ({
    query: `query ($${name}: String) { imageSets(filter: $${name}) { nodes { id } } }`,
  }),
  'a variable that is not defined': (name) => ({ query: `{ imageSets(first: $${name}) { nodes { id } } }` }),
  'a directive': (name) => ({ query: `{ imageSets @${name} { nodes { id } } }` }),
  'an argument of a directive': (name) => ({ query: `{ imageSets @skip(${name}: true) { nodes { id } } }` }),
  'a fragment': (name) => ({ query: `{ imageSets { nodes { ...${name} } } }` }),
  'an unused fragment': (name) => ({ query: `{ __typename } fragment ${name} on ImageSet { id }` }),
  'a filter in the variables': (name) => ({
    query: search,
    variables: { filter: { [name]: { equal: 'x' } } },
  }),
  'a match in the variables': (name) => ({
    query: search,
    variables: { filter: { patientId: { [name]: 'x' } } },
  }),
  'a sort in the variables': (name) => ({ query: search, variables: { sort: { [name]: 'ASC' } } }),
  'an enum value in the variables': (name) => ({
    query: search,
    variables: { sort: { field: name, order: name } },
  }),
  'a representation': (name) => ({
    query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { id } } }',
    variables: { r: [{ __typename: name }, { __typename: 'Patient', [name]: 'x' }, {}] },
  }),
};

/** What a client learns of an error: everything but the request's id. */
async function reply({ query, variables }: Request): Promise<string> {
  const { body } = await production.query(query, variables);
  expect(body.errors?.length).toBeGreaterThan(0);
  return JSON.stringify(
    body.errors?.map(({ message, path, locations, extensions: { code } }) => [
      code,
      message,
      path,
      locations,
    ]),
  );
}

const words = (text: string): string[] => text.match(/\w+/g) ?? [];

describe('in production no error reveals a name of the schema', () => {
  const samples = fc.sample(misspelt, { numRuns: 1_000, seed: 20_261_124 });
  const perPlace = Math.ceil(samples.length / Object.keys(places).length);

  test.each(Object.entries(places).map(([place, request], index) => [place, request, index] as const))(
    'a misspelt %s: the response names nothing that was not sent, and is the same as for nonsense',
    async (_place, request, index) => {
      for (const name of samples.slice(index * perPlace, (index + 1) * perPlace)) {
        const asked = request(name);
        const answer = await reply(asked);
        const sent = new Set(words(JSON.stringify(asked)));
        const revealed = words(answer).filter(
          (word) => names.has(word) && !sent.has(word) && !english.has(word),
        );
        expect([name, revealed, answer.includes('Did you mean')]).toEqual([name, [], false]);
        // So the response does not even show how near a name came.
        const nonsense = 'Z'.repeat(name.length);
        expect((await reply(request(nonsense))).replaceAll(nonsense, name)).toBe(answer);
      }
    },
  );

  test('few names of the schema are also English words of our messages', () => {
    expect([...english].filter((word) => names.has(word)).length).toBeLessThan(15);
    expect(names.size).toBeGreaterThan(150);
  });
});

describe('in production, what shows the schema', () => {
  test.each([
    ['__schema', getIntrospectionQuery()],
    ['__type', '{ __type(name: "ImageSet") { name } }'],
    ['_service', '{ _service { sdl } }'],
    ['_service under another name', '{ a: _service { b: sdl } }'],
    ['__schema in a fragment', 'query { ...F } fragment F on Query { __schema { types { name } } }'],
  ])('%s is refused', async (_name, query) => {
    const { body } = await production.query(query);
    expect(body.data).toBeUndefined();
    expect(body.errors?.map(({ message }) => message)).toContain('Introspection is off on this graph.');
  });

  test('is answered with GRAPHQL_INTROSPECTION=on', async () => {
    await using shown = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment: { NODE_ENV: 'production', GRAPHQL_INTROSPECTION: 'on' },
    });
    const { body } = await shown.query('{ __type(name: "ImageSet") { name } _service { sdl } }');
    expect(body.errors).toBeUndefined();
    const misspeltField = await shown.query('{ imageSetz { nodes { id } } }');
    expect(misspeltField.body.errors?.[0]?.message).toContain('Did you mean "imageSet" or "imageSets"?');
  });
});
