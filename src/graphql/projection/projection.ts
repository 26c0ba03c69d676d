import {
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import type { Edge } from '../../search/paging/connection.ts';
import type { ImageSetRow } from '../../search/imageSet.ts';
import { argumentValues } from '../coercedVariables.ts';
import type { QueryImageSetsArgs } from '../generated.ts';
import type { ImageSetConnectionObject } from '../types/objects.ts';
import { append, begin, taken } from './bytes.ts';
import { rowWriter, writerIn } from './rowWriter.ts';
import {
  collectFields,
  fieldsBelow,
  fragmentsByName,
  Unusual,
  type Fragments,
  type Selected,
} from './selections.ts';
import { formedText, nameOf, object, plain, type Write } from './writeJson.ts';

/** An operation that does nothing but search image sets, compiled: it reads no more than its rows have. */
export interface Projection {
  readonly argumentsOf: (variables: Readonly<Record<string, unknown>>) => Partial<QueryImageSetsArgs>;
  /** Whether a next page follows, if the operation asks; else false. Rejects where graphql-js has to tell what is wrong. */
  readonly hasNext: (connection: ImageSetConnectionObject) => Promise<boolean>;
  /** JSON of the operation's data. Throws where graphql-js has to tell what is wrong. */
  readonly write: (connection: ImageSetConnectionObject, hasNext: boolean) => Buffer;
  /** An object of the data's form, as far as it costs anything: lists of the right length, objects, nothing in them. */
  readonly outline: (rows: number) => Readonly<Record<string, unknown>>;
}

/** Undefined for any operation that is not as simple as that: directives, other fields, fields that call out. */
export function compileProjection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Projection | undefined {
  try {
    return compile(schema, document, operation);
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Projection {
  if (operation.operation !== OperationTypeNode.QUERY || (operation.directives ?? []).length > 0)
    throw new Unusual();
  const fragments = fragmentsByName(document);
  const [search, ...others] = collectFields(fragments, [operation.selectionSet], 'Query');
  const definition = schema.getQueryType()?.getFields()['imageSets'];
  const node = search?.nodes[0];
  if (search?.name !== 'imageSets' || node === undefined || definition === undefined || others.length > 0)
    throw new Unusual();
  const parts = fieldsBelow(fragments, search, 'ImageSetConnection').map((field) =>
    connectionPart(fragments, field),
  );
  const readsNext = parts.some((part) => part.readsNext === true);
  const start = `{${nameOf(search.key)}`;
  return {
    argumentsOf: (variables) => argumentValues(definition, node, variables),
    hasNext: async ({ pageInfo }) => readsNext && (await pageInfo.hasNextPage()),
    write(connection, hasNext) {
      const page: Page = { ...connection, hasNext };
      begin();
      append(start);
      parts.forEach(({ key, write }, index) => {
        append(`${index === 0 ? '{' : ','}${nameOf(key)}`);
        write(page);
      });
      append('}}');
      return taken();
    },
    outline: (rows) => ({
      [search.key]: Object.fromEntries(parts.map(({ key, outline }) => [key, outline?.(rows) ?? {}])),
    }),
  };
}

/** A connection, and whether more follows where that was asked for. */
interface Page extends ImageSetConnectionObject {
  readonly hasNext: boolean;
}

interface ConnectionPart {
  readonly key: string;
  readonly write: (page: Page) => void;
  readonly readsNext?: boolean;
  readonly outline?: (rows: number) => unknown;
}

function connectionPart(fragments: Fragments, field: Selected): ConnectionPart {
  const { key, name } = field;
  switch (name) {
    case 'edges': {
      const fields = fieldsBelow(fragments, field, 'ImageSetEdge');
      const write = object(fields.map((each) => [each.key, edgeMember(fragments, each)]));
      const edge = Object.fromEntries(fields.map((each) => [each.key, {}]));
      const outline = (rows: number) => Array<unknown>(rows).fill(edge);
      return { key, write: ({ edges }) => appendList(edges, write), outline };
    }
    case 'nodes': {
      const write = rowWriter(fragments, field);
      const outline = (rows: number) => Array<unknown>(rows).fill({});
      return { key, write: ({ nodes }) => appendList(nodes, write), outline };
    }
    case 'pageInfo': {
      const fields = fieldsBelow(fragments, field, 'PageInfo');
      const write = object(fields.map((each) => [each.key, writerIn(pageInfo, each.name, 'PageInfo')]));
      return { key, write: (page) => append(write(page)), readsNext: fields.some(isNextPage) };
    }
    case 'sort': {
      const fields = fieldsBelow(fragments, field, 'ImageSetSorting');
      const write = object(fields.map((each) => [each.key, writerIn(sorting, each.name, 'ImageSetSorting')]));
      return { key, write: ({ sort }) => append(sort === null ? 'null' : write(sort)) };
    }
    case '__typename':
      return { key, write: () => append(formedText('ImageSetConnection')) };
    default:
      throw new Unusual();
  }
}

const isNextPage = ({ name }: Selected) => name === 'hasNextPage';

function edgeMember(fragments: Fragments, field: Selected): Write<Edge<ImageSetRow>> {
  if (field.name !== 'node') return writerIn(edge, field.name, 'ImageSetEdge');
  const write = rowWriter(fragments, field);
  return ({ node }) => write(node);
}

const edge: Readonly<Record<string, Write<Edge<ImageSetRow>>>> = {
  cursor: ({ cursor }) => formedText(cursor()),
};

const pageInfo: Readonly<Record<string, Write<Page>>> = {
  hasNextPage: ({ hasNext }) => plain(hasNext),
  hasPreviousPage: ({ pageInfo: { hasPreviousPage } }) => plain(hasPreviousPage),
  startCursor: ({ pageInfo: { startCursor } }) => formedText(startCursor()),
  endCursor: ({ pageInfo: { endCursor } }) => formedText(endCursor()),
};

const sorting: Readonly<Record<string, Write<NonNullable<ImageSetConnectionObject['sort']>>>> = {
  field: ({ field }) => formedText(field),
  order: ({ order }) => formedText(order),
};

/** Row by row: the text of a row is short-lived, and one name beyond Latin-1 makes no other row of two bytes a character. */
function appendList<Item>(items: readonly Item[], write: Write<Item>): void {
  append('[');
  items.forEach((item, index) => append(index === 0 ? write(item) : `,${write(item)}`));
  append(']');
}
