import type { ApolloServerPlugin } from '@apollo/server';
import { context, propagation, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';

import type { ErrorCode } from '../../errors.ts';
import { requestScope } from './requestScope.ts';

/** Nothing happens in it until the operator registers an OpenTelemetry SDK. */
const tracer = trace.getTracer('healthimaging-graphql');

/** What is found out about an operation while it is answered. */
export interface OperationSpan {
  type: 'query' | 'mutation' | 'subscription' | undefined;
  /** As it is registered in the safelist; any other name is a client's own text. */
  name: string | undefined;
  readonly errorCodes: Set<ErrorCode>;
}

export interface SpannedRequest {
  readonly requestId: string;
  /** Its W3C Trace Context header, as it came. */
  readonly traceparent: string | undefined;
}

/**
 * One GraphQL operation as a server span, by OpenTelemetry's semantic conventions for GraphQL; tries of upstream calls
 * become its children. All that it may ever hold is here: type, registered name, request id and codes of errors. Never
 * `graphql.document`, and no exception, whose text may quote the request.
 */
export async function inOperationSpan<Result>(
  { requestId, traceparent }: SpannedRequest,
  work: (operation: OperationSpan) => Promise<Result>,
): Promise<Result> {
  const operation: OperationSpan = { type: undefined, name: undefined, errorCodes: new Set() };
  const options = { kind: SpanKind.SERVER, attributes: { 'healthimaging.request_id': requestId } };
  return tracer.startActiveSpan('GraphQL Operation', options, parentOf(traceparent), async (span) => {
    try {
      return await work(operation);
    } finally {
      const { type, name, errorCodes } = operation;
      const [errorCode] = errorCodes;
      if (type !== undefined) span.updateName(type).setAttribute('graphql.operation.type', type);
      if (name !== undefined) span.setAttribute('graphql.operation.name', name);
      if (errorCode !== undefined) {
        span.setAttributes({ 'error.type': errorCode, 'healthimaging.error_codes': [...errorCodes] });
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    }
  });
}

/**
 * The span of an HTTP instrumentation, or else what the client sent: `traceparent`, which is two ids and a flag. Not
 * `tracestate`, which exporters write out and which is any text, nor `baggage`, which goes on to whoever is called.
 */
function parentOf(traceparent: string | undefined): Context {
  const active = context.active();
  if (traceparent === undefined || trace.getSpan(active) !== undefined) return active;
  return propagation.extract(active, { traceparent });
}

/** @param registeredName of an operation, where the safelist has it */
export function operationSpanPlugin(
  registeredName: (name: string | undefined) => string | undefined,
): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation }) {
          const scope = requestScope.getStore();
          if (scope === undefined || operation === undefined) return Promise.resolve();
          scope.operation.type = operation.operation;
          scope.operation.name = registeredName(operation.name?.value);
          return Promise.resolve();
        },
      }),
  };
}
