import { buildSchema, Kind, parse, type DocumentNode, type GraphQLSchema } from 'graphql';

import { planCost } from '../../../../src/graphql/limits/cost/costPlan.ts';
import type { SelectionCost } from '../../../../src/graphql/limits/cost/costs.ts';
import { createCostWeights } from '../../../../src/graphql/limits/cost/costWeights.ts';

const directives = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | INPUT_OBJECT | OBJECT | INTERFACE | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`;

/** A schema with `@cost` and `@listSize`. */
export function costSchema(sdl: string): GraphQLSchema {
  return buildSchema(directives + sdl);
}

/** A library. All weights differ, so that no two ways to count give the same sum. */
export const library = costSchema(`
  type Query {
    book(isbn: ID, filter: Filter): Book @cost(weight: 100)
    books(first: Int, filter: Filter): BookConnection @cost(weight: 200) @listSize(assumedSize: 10, slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
    named(names: [String], ids: [ID]): [Book] @cost(weight: 7) @listSize(assumedSize: 3, slicingArguments: ["names", "ids"])
    local(first: Int): BookConnection @cost(weight: 0) @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
    all: [Book]! @listSize(assumedSize: 4)
    thing: Thing
    any: Any
    title: String
    mood: Mood
    _entities(representations: [Representation!]!, reason: String @cost(weight: 5)): [Entity]!
  }
  type Mutation { write(title: String @cost(weight: 11)): Book }
  scalar Representation
  scalar Heavy @cost(weight: 13)
  enum Mood { GOOD BAD }
  interface Thing { name: String, weight: Heavy, author: Author }
  type Book implements Thing @cost(weight: 20) { name: String, weight: Heavy, author: Author, pages: [Int], next: Book, chapters: [Chapter!]! @listSize(assumedSize: 2) }
  type Author implements Thing { name: String, weight: Heavy, author: Author, books(first: Int): BookConnection @listSize(assumedSize: 5, slicingArguments: ["first"], sizedFields: ["nodes"]) }
  type Chapter { title: String @cost(weight: 1), book: Book }
  type BookConnection { edges: [Edge!]!, nodes: [Book!]! @cost(weight: 3), info: Info @cost(weight: 0), total: Int }
  type Edge { cursor: String, node: Book @cost(weight: 0) }
  type Info { more: Boolean }
  union Any = Book | Author
  union Entity = Book | Author | Chapter
  input Filter { title: Text, tags: [Text!], limit: Int @cost(weight: 17), and: [Filter!] }
  input Text { equal: String }
`);

export const weights = createCostWeights(library);

/** The plan of the first operation of a document. */
export function planOf(source: string, variables: Readonly<Record<string, unknown>> = {}): SelectionCost {
  return planOfDocument(parse(source), variables);
}

/** The same for a document that may have been planned before. */
export function planOfDocument(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): SelectionCost {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('expected an operation');
  return planCost(weights, { schema: library, document, operation, variables });
}
