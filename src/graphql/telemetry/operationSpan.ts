import { context, propagation, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';

import { requestScope, type RequestScope } from './requestScope.ts';

/** Does nothing until the operator registers an OpenTelemetry SDK. */
const tracer = trace.getTracer('healthimaging-graphql');

/**
 * Runs `work` in the request's scope and in a server span for one GraphQL operation, by OpenTelemetry's semantic conventions
 * for GraphQL; upstream calls become the span's children. The span holds the request's id and the operation's summary and
 * nothing else: no `graphql.document`, and no exception, because their text may quote the request.
 * @param traceparent the W3C Trace Context header as the client sent it
 */
export async function inOperationSpan<Result>(
  scope: RequestScope,
  traceparent: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const { requestId, operation } = scope;
  const options = { kind: SpanKind.SERVER, attributes: { 'healthimaging.request_id': requestId } };
  return tracer.startActiveSpan('GraphQL Operation', options, parentOf(traceparent), async (span) => {
    try {
      return await requestScope.run(scope, work);
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
 * The active span of an HTTP instrumentation, or else the client's `traceparent`: two ids and a flag. Never `tracestate`,
 * free text that exporters write out, nor `baggage`, which is passed on with every call.
 */
function parentOf(traceparent: string | undefined): Context {
  const active = context.active();
  if (traceparent === undefined || trace.getSpan(active) !== undefined) return active;
  return propagation.extract(active, { traceparent });
}
