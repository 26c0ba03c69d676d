import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import { inOperationSpan } from '../../../src/graphql/telemetry/operationSpan.ts';
import { registerTelemetry, type Telemetry } from '../../support/telemetry.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const latest = 'query Latest {\n  imageSets {\n    nodes {\n      imageSetId\n    }\n  }\n}';

let telemetry: Telemetry;
let local: Local;
let gateway: TestGateway;
let directory: string;

beforeAll(async () => {
  telemetry = registerTelemetry();
  local = await withLocal({ imageSets: manyImageSets(3) });
  directory = await mkdtemp(join(tmpdir(), 'spans-'));
  const operations = [{ id: 'latest', name: 'Latest', type: 'query', body: latest }];
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  const SAFELIST_MANIFEST = join(directory, 'manifest.json');
  await writeFile(SAFELIST_MANIFEST, JSON.stringify(manifest));
  const environment = { SAFELIST_MODE: 'audit', SAFELIST_MANIFEST };
  gateway = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId], environment });
});
beforeEach(() => {
  telemetry.reset();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
  await telemetry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const spans = () =>
  telemetry.spans().map(({ name, kind, attributes, status, events, links, parentSpanContext }) => ({
    ...{ name, kind, attributes, status, events, links },
    parent: parentSpanContext?.spanId,
  }));

const bare = { events: [], links: [], parent: undefined, kind: SpanKind.SERVER };
const failed = { code: SpanStatusCode.ERROR };

test('an operation is a span, with its upstream calls as children', async () => {
  const { headers } = await gateway.query(
    '{ imageSets(filter: { patientId: { equal: "S" } }) { nodes { version } } }',
  );
  const [, operation] = telemetry.spans();
  expect(spans()).toEqual([
    expect.objectContaining({
      name: 'Medical Imaging/SearchImageSets',
      kind: SpanKind.CLIENT,
      parent: operation?.spanContext().spanId,
    }),
    {
      ...bare,
      name: 'query',
      attributes: {
        'healthimaging.request_id': headers.get('x-request-id'),
        'graphql.operation.type': 'query',
      },
      status: { code: SpanStatusCode.UNSET },
    },
  ]);
});

test('an operation’s name is in its span only where the safelist has it', async () => {
  await gateway.query(latest);
  await gateway.query('query Sample_Ada { __typename }');
  const names = spans().map(({ attributes }) => attributes['graphql.operation.name']);
  expect(names.filter((name) => name !== undefined)).toEqual(['Latest']);
});

test('the span has the codes of the errors, and no type for a refused document', async () => {
  await gateway.query(
    'query Ada { one: imageSets(after: "x") { nodes { version } } imageSets(first: 0) { nodes { version } } }',
  );
  await gateway.query('{ sampleAda }');
  const requestId: unknown = expect.any(String);
  expect(spans()).toEqual([
    {
      ...bare,
      name: 'query',
      attributes: {
        'healthimaging.request_id': requestId,
        'graphql.operation.type': 'query',
        'error.type': 'INVALID_CURSOR',
        'healthimaging.error_codes': ['INVALID_CURSOR', 'BAD_USER_INPUT'],
      },
      status: failed,
    },
    {
      ...bare,
      name: 'GraphQL Operation',
      attributes: {
        'healthimaging.request_id': requestId,
        'error.type': 'GRAPHQL_VALIDATION_FAILED',
        'healthimaging.error_codes': ['GRAPHQL_VALIDATION_FAILED'],
      },
      status: failed,
    },
  ]);
});

test('the client’s traceparent is the parent; tracestate and baggage are ignored', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = {
    traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    tracestate: 'vendor=Sample-Ada',
    baggage: 'patient=Sample-Ada',
  };
  await gateway.query('{ __typename }', {}, headers);
  const [span] = telemetry.spans();
  const { traceId: taken, traceState } = span?.spanContext() ?? {};
  expect([taken, span?.parentSpanContext?.spanId, traceState?.serialize() ?? '']).toEqual([
    traceId,
    'b7ad6b7169203331',
    '',
  ]);
  expect(telemetry.carried()).toEqual(['traceparent']);
});

test('the span of an HTTP instrumentation is the parent, whatever the header says', async () => {
  const outer = trace.getTracer('http').startSpan('POST');
  await context.with(trace.setSpan(context.active(), outer), () =>
    inOperationSpan(
      { requestId: '1', operation: { type: undefined, name: undefined, errorCodes: new Set() } },
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      () => Promise.resolve(),
    ),
  );
  expect(spans().map(({ parent }) => parent)).toEqual([outer.spanContext().spanId]);
});
