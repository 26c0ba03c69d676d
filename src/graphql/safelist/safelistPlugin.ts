import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';

import { GatewayError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import { refuse } from '../errors/refuse.ts';
import type { RegisteredOperations } from './registeredOperations.ts';

export interface SafelistPluginOptions {
  readonly registered: RegisteredOperations;
  /** `enforce` refuses what is not registered, `audit` reports it only. */
  readonly mode: 'audit' | 'enforce';
  readonly reportUnregistered: (context: RequestContext) => void;
}

/**
 * Takes the place of a document that will be refused, so that the document itself is never parsed: Apollo Server takes a
 * refusal in `didResolveOperation` only, after parsing and validation.
 */
const placeholder = '{ __typename }';

/** Takes operations by their id in the manifest or by their body; others are reported, and with `enforce` refused. */
export function safelistPlugin({
  registered,
  mode,
  reportUnregistered,
}: SafelistPluginOptions): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ request, contextValue }) {
      const isMalformed = request.query === undefined && documentId(request) === undefined;
      const isRegistered = admit(request, registered);
      if (mode === 'audit') {
        return {
          // By now an automatic persisted query has its document, which another request may have sent.
          async didResolveSource({ source }) {
            if (!isRegistered && !registered.has(source)) reportUnregistered(contextValue);
          },
        };
      }
      // A request without any document is malformed: Apollo Server refuses it.
      if (isRegistered || isMalformed) return undefined;
      reportUnregistered(contextValue);
      refuseLater(request);
      return {
        async didResolveOperation() {
          refuse(new GatewayError('QUERY_NOT_IN_SAFELIST'));
        },
      };
    },
  };
}

/** Whether the request is for a registered operation; its body takes the place of its id. */
function admit(request: GraphQLRequest, registered: RegisteredOperations): boolean {
  const id = documentId(request);
  const body = id === undefined ? undefined : registered.bodyOf(id);
  if (body !== undefined && request.query === undefined) {
    request.query = body;
    forgetPersistedQuery(request);
    return true;
  }
  if (request.query === undefined || !registered.has(request.query)) return false;
  // It needs no registering as an automatic persisted query.
  forgetPersistedQuery(request);
  return true;
}

function refuseLater(request: GraphQLRequest): void {
  request.query = placeholder;
  delete request.operationName;
  delete request.variables;
  forgetPersistedQuery(request);
}

function forgetPersistedQuery(request: GraphQLRequest): void {
  const extensions = { ...request.extensions };
  delete extensions['persistedQuery'];
  request.extensions = extensions;
}

/**
 * The id that a request names its document by: `extensions.persistedQuery.sha256Hash` of Apollo's clients, or `documentId`
 * of GraphQL over HTTP (Appendix A, "Persisted Documents") without the prefix `sha256:`, which says what it is.
 */
function documentId({ extensions, http }: GraphQLRequest): string | undefined {
  const persistedQuery: unknown = extensions?.['persistedQuery'];
  const hash = memberOf(persistedQuery, 'sha256Hash');
  if (typeof hash === 'string') return hash;
  const id = memberOf(http?.body, 'documentId') ?? new URLSearchParams(http?.search ?? '').get('documentId');
  return typeof id === 'string' ? id.replace(/^sha256:/, '') : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
