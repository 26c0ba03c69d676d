import { AsyncLocalStorage } from 'node:async_hooks';

import type { ErrorCode } from '../../errors.ts';
import type { ResponseBytes } from '../writtenJson.ts';

/** What telemetry may say of an operation, found out while it is answered. */
export interface OperationSummary {
  /** Undefined until a document has been accepted. */
  type: 'query' | 'mutation' | 'subscription' | undefined;
  /** Its registered name in the safelist. Any other name is the client's own text. */
  name: string | undefined;
  /** The codes of the response's errors. */
  readonly errorCodes: Set<ErrorCode>;
}

export interface RequestScope {
  readonly requestId: string;
  readonly operation: OperationSummary;
  /** The response's body, where it is not text; see responseBytes.ts. */
  bytes?: ResponseBytes | undefined;
}

/**
 * The HTTP request being answered. Only for code that Apollo Server calls without an operation's context, as it calls
 * `formatError` and `stringifyResult`; everything else has `RequestContext`.
 */
export const requestScope = new AsyncLocalStorage<RequestScope>();
