import { AsyncLocalStorage } from 'node:async_hooks';

import type { Log } from '../../log/log.ts';
import type { OperationSpan } from './operationSpan.ts';

/** What is known of an HTTP request before any GraphQL of it is read, and wherever its errors are formatted. */
export interface RequestScope {
  readonly requestId: string;
  readonly log: Log;
  /** What its span will say. */
  readonly operation: OperationSpan;
}

export const requestScope = new AsyncLocalStorage<RequestScope>();
