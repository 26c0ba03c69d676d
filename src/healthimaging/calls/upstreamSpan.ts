import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import type { GatewayError } from '../../errors.ts';
import type { Operation } from '../api.ts';
import { httpStatusOf } from '../sdk/failure.ts';

/** Does nothing unless the operator registers an OpenTelemetry SDK. */
const tracer = trace.getTracer('healthimaging-graphql');

/** `sdkId` in the service model. */
const service = 'Medical Imaging';

/**
 * One try of a call as a client span, by OpenTelemetry's semantic conventions for RPC. It holds the operation, the try's
 * number from 1, the code of the outcome and the HTTP status of a failure, and never more: a URL carries the next token,
 * and messages and exceptions may quote patient data.
 */
export function inUpstreamSpan<Result>(
  operation: Operation,
  attempt: number,
  work: () => Promise<Result>,
  asGatewayError: (error: unknown) => GatewayError,
): Promise<Result> {
  const attributes = {
    'rpc.system': 'aws-api',
    'rpc.service': service,
    'rpc.method': operation,
    'healthimaging.attempt': attempt,
  };
  const options = { kind: SpanKind.CLIENT, attributes };
  return tracer.startActiveSpan(`${service}/${operation}`, options, async (span) => {
    try {
      const result = await work();
      span.setAttribute('healthimaging.outcome', 'ok');
      return result;
    } catch (error) {
      const { code, cause } = asGatewayError(error);
      const status = httpStatusOf(cause);
      span.setAttributes({ 'healthimaging.outcome': code, 'error.type': code });
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
