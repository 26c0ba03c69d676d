import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { errorEntry, GatewayError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import type { RequestContext } from '../context.ts';
import type { Safelist } from './safelist.ts';

export interface SafelistOptions {
  readonly safelist: Safelist;
  /** `enforce` refuses what is not registered, `audit` counts and logs it. */
  readonly mode: 'audit' | 'enforce';
  readonly log: Pick<Log, 'info'>;
  readonly countUnregistered: () => void;
}

/**
 * Stands in for a document that is refused: none of it is read, and the refusal comes in the one hook before execution
 * that Apollo Server lets refuse.
 */
const placeholder = '{ __typename }';

/** Operations by the id of the manifest, or by their body; what is not registered is refused or reported. */
export function safelistPlugin(options: SafelistOptions): ApolloServerPlugin<RequestContext> {
  const { safelist, mode, log, countUnregistered } = options;
  const report = ({ requestId }: RequestContext) => {
    countUnregistered();
    log.info({ requestId }, 'not in the safelist');
  };
  return {
    requestDidStart({ request, contextValue }) {
      const isMalformed = request.query === undefined && documentId(request) === undefined;
      const isRegistered = admit(request, safelist);
      if (mode === 'audit') {
        return Promise.resolve({
          // An automatic persisted query has its document by now, whoever sent it.
          didResolveSource({ source }) {
            if (!isRegistered && !safelist.has(source)) report(contextValue);
            return Promise.resolve();
          },
        });
      }
      // What names no document at all is Apollo Server's to refuse, as a malformed request.
      if (isRegistered || isMalformed) return Promise.resolve();
      report(contextValue);
      refuseLater(request);
      return Promise.resolve({ didResolveOperation: () => Promise.reject(refusal()) });
    },
  };
}

/** Puts the registered body in the place of its id. */
function admit(request: GraphQLRequest, safelist: Safelist): boolean {
  const id = documentId(request);
  const body = id === undefined ? undefined : safelist.bodyOf(id);
  if (body !== undefined && request.query === undefined) {
    request.query = body;
    forgetPersistedQuery(request);
    return true;
  }
  if (request.query === undefined || !safelist.has(request.query)) return false;
  // Registered already: nothing is left for an automatic persisted query to register.
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
 * `extensions.persistedQuery.sha256Hash` of Apollo's clients, and `documentId` of GraphQL over HTTP (Appendix A, "Persisted
 * Documents"), whose prefix `sha256:` says what the identifier is.
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

/** A GraphQLError, since Apollo Server takes the HTTP status of a refusal from nothing else. */
function refusal(): GraphQLError {
  const cause = new GatewayError('QUERY_NOT_IN_SAFELIST');
  const status = errorEntry(cause.code).status ?? 400;
  return new GraphQLError(cause.message, { originalError: cause, extensions: { http: { status } } });
}
