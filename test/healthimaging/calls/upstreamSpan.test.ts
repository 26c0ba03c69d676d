import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

import { exception, json, reset, type Fault } from '../../support/upstream/faultServer.ts';
import { search, startUpstream } from '../../support/gateway/withUpstream.ts';
import { wirePage } from '../../support/upstream/wireSummaries.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);

beforeEach(() => {
  exporter.reset();
});

afterAll(async () => {
  trace.disable();
  await provider.shutdown();
});

async function spansOf(...faults: readonly [Fault, ...Fault[]]) {
  const upstream = await startUpstream({}, ...faults);
  await Promise.allSettled([search(upstream.api, { nextToken: 'PATIENT^TOKEN' })]);
  await upstream.close();
  return exporter.getFinishedSpans().map(({ name, kind, attributes, status, events, links }) => ({
    name,
    kind,
    attributes,
    status,
    events,
    links,
  }));
}

function span(attempt: number, outcome: string, status?: number) {
  const failed = outcome !== 'ok';
  return {
    name: 'Medical Imaging/SearchImageSets',
    kind: SpanKind.CLIENT,
    attributes: {
      'rpc.system': 'aws-api',
      'rpc.service': 'Medical Imaging',
      'rpc.method': 'SearchImageSets',
      'healthimaging.attempt': attempt,
      'healthimaging.outcome': outcome,
      ...(failed && { 'error.type': outcome }),
      ...(status !== undefined && { 'http.response.status_code': status }),
    },
    status: { code: failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    events: [],
    links: [],
  };
}

test('each try is a span of its own, with its outcome', async () => {
  const down = exception(503, 'ServiceUnavailableException');
  expect(await spansOf(down, reset, json(wirePage(1)))).toEqual([
    span(1, 'UPSTREAM_UNAVAILABLE', 503),
    span(2, 'UPSTREAM_UNAVAILABLE'),
    span(3, 'ok'),
  ]);
});

test('of a response, a span holds the status and nothing else', async () => {
  expect(await spansOf(exception(400, 'ValidationException'))).toEqual([span(1, 'CURSOR_EXPIRED', 400)]);
});
