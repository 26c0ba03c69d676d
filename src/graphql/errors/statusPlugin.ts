import type { ApolloServerPlugin } from '@apollo/server';

import { answerType, graphqlResponse, json } from './answerType.ts';

/** Refusals of a well-formed request: of its document, its operation or its variables. */
const documentCodes = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'BAD_USER_INPUT',
  'OPERATION_LIMIT_EXCEEDED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
]);

/**
 * The media type of a response, and the HTTP status of one without data. GraphQL over HTTP, section 6.4: the refusal of a
 * well-formed request has status 200 as `application/json`, where a gateway would drop the errors of a subgraph's 400, and
 * 400 as `application/graphql-response+json`, whose status says whether there is data. A bug of ours is a 500 wherever it
 * surfaced: graphql-js reports one in a scalar as a wrong document.
 */
export const statusPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response: { body, http } }) {
        if (body.kind !== 'single') return;
        // Apollo Server refuses a client that takes neither.
        const type = answerType(request.http?.headers.get('accept'));
        if (type !== undefined) http.headers.set('content-type', type);
        if (body.singleResult.data !== undefined) return;
        const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.['code']) ?? [];
        if (codes.includes('INTERNAL_SERVER_ERROR')) http.status = 500;
        if (http.status !== 400 && http.status !== 200 && http.status !== undefined) return;
        const isOfDocument = codes.every((code) => documentCodes.has(code));
        if (type === graphqlResponse) http.status = 400;
        else if (type === json && isOfDocument) http.status = 200;
      },
    };
  },
};
