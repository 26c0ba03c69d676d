import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import type { GatewayError } from '../../errors.ts';
import type { Operation } from '../api.ts';
import { httpStatusOf } from '../sdk/failure.ts';

/** Nothing happens in it until the operator registers an OpenTelemetry SDK. */
const tracer = trace.getTracer('healthimaging-graphql');

/** The service's id in its model. */
const service = 'Medical Imaging';

/**
 * One try of an upstream call as a client span, by OpenTelemetry's semantic conventions for RPC. All that it may ever
 * hold is here: the operation, the try's number from 1, the outcome's code and the HTTP status of a failure. No URL (it
 * carries nextToken), no id, no message and no exception, whose text may quote patient data.
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
