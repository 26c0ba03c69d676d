import type { ApolloServerPlugin } from '@apollo/server';

/** Refusals of the document itself, or of its variables. */
const documentCodes = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_LIMIT_EXCEEDED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
]);

/**
 * The HTTP status of a response without data. GraphQL over HTTP: a well-formed request whose document is refused has status
 * 200 as `application/json`, where a gateway would drop the errors of a subgraph's 400, and 400 as
 * `application/graphql-response+json`. A bug of ours is a 500 wherever it surfaced: graphql-js reports one in a scalar as a
 * wrong document.
 */
export const statusPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response: { body, http } }) {
        if (body.kind !== 'single' || body.singleResult.data !== undefined) return;
        const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.['code']) ?? [];
        if (codes.includes('INTERNAL_SERVER_ERROR')) http.status = 500;
        if (http.status !== 400) return;
        const accept = request.http?.headers.get('accept') ?? '';
        const keeps400 = accept.includes('application/graphql-response+json');
        if (!keeps400 && codes.every((code) => documentCodes.has(code))) http.status = 200;
      },
    };
  },
};
