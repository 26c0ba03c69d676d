import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import { attached } from '../../attached.ts';
import { demand } from '../access/fieldPolicies.ts';
import type { RequestContext } from '../context.ts';
import { coercedVariables } from '../coercedVariables.ts';
import { searchImageSets } from '../resolvers/searchImageSets.ts';
import type { ImageSetConnectionObject } from '../types/objects.ts';
import { writtenAs } from '../writtenJson.ts';
import { createKeptAnswers, type KeptAnswers } from './keptAnswers.ts';
import { compileProjection, type Projection } from './projection.ts';

/** Searches that the projection began and could not finish: graphql-js goes on with them. */
const begun = attached<RequestContext, Promise<ImageSetConnectionObject>>();

/**
 * Answers operations that search image sets and nothing else without graphql-js, which takes as long for a page as all else
 * together. It gives whole answers only: wherever something is wrong, graphql-js goes on with the same search and says what.
 * Policies, limits, cost and audit come before and after it as they do for any other answer.
 */
export function projectionPlugin(
  schema: GraphQLSchema,
  answerBytes: number,
): ApolloServerPlugin<RequestContext> {
  resumeBegun(schema);
  const projectionOf = rememberProjections(schema);
  const answers = createKeptAnswers(answerBytes);
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue }) {
          // Apollo Server's types have it always; it is undefined where the document has none of that name.
          const chosen = operation as OperationDefinitionNode | undefined;
          const projection = chosen && projectionOf(document, chosen);
          if (projection === undefined) return null;
          const coerced = coercedVariables(schema, operation, request);
          if (coerced === undefined) return null;
          const data = await dataOf(projection, coerced, { context: contextValue, answers }).catch(
            () => undefined,
          );
          return data === undefined
            ? null
            : { body: { kind: 'single', singleResult: { data } }, http: noHead };
        },
      };
    },
  };
}

/** Nothing to add to the response's own. */
const noHead = { headers: new Map() } as never;

async function dataOf(
  projection: Known,
  variables: Readonly<Record<string, unknown>>,
  { context, answers }: { readonly context: RequestContext; readonly answers: KeptAnswers },
): Promise<Record<string, unknown>> {
  demand('search', context);
  const search = searchImageSets(context, projection.argumentsOf(variables));
  begun.set(context, search);
  const connection = await search;
  const hasNext = await projection.hasNext(connection);
  const { sameAs } = connection;
  const place = sameAs && { connection: sameAs, form: `${projection.id} ${hasNext}` };
  const kept = place && answers.find(place);
  const bytes = kept ?? projection.write(connection, hasNext);
  if (place !== undefined && kept === undefined) answers.keep(place, bytes);
  begun.set(context, undefined);
  return writtenAs(bytes, projection.outline(connection.nodes.length));
}

/** Makes the field go on with a search that was begun for it. */
function resumeBegun(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['imageSets'];
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined) return;
  const resumed: GraphQLFieldResolver<unknown, RequestContext> = (source, args, context, info) =>
    begun.get(context) ?? resolve(source, args, context, info);
  field.resolve = resumed;
}

interface Known extends Projection {
  /** No other has it. */
  readonly id: number;
}

/** Compiled once a document, for as long as Apollo Server keeps the document. */
function rememberProjections(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, { readonly projection: Known | undefined }>();
  let lastId = 0;
  return (document: DocumentNode, operation: OperationDefinitionNode): Known | undefined => {
    let found = known.get(operation);
    if (found === undefined) {
      const projection = compileProjection(schema, document, operation);
      found = { projection: projection && { ...projection, id: (lastId += 1) } };
      known.set(operation, found);
    }
    return found.projection;
  };
}
