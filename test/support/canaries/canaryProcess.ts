import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

import { loadConfig, type Environment } from '../../../src/config/config.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { createLog } from '../../../src/log/log.ts';
import { datastoreId } from '../upstream/fakeHealthImaging.ts';
import { ownHostNames } from '../http/hostNames.ts';
import { registerTelemetry } from '../telemetry.ts';

// Gateways in a process of their own, so that all it prints is theirs: trace logs on stdout, whatever else on stderr.

export type Order =
  | { readonly kind: 'start'; readonly endpoint: string; readonly environment: Environment }
  | { readonly kind: 'stop'; readonly url: string }
  | { readonly kind: 'point'; readonly name: string; readonly target: string }
  /** Puts a text where it may not be, to see that it is found there. */
  | { readonly kind: 'plant'; readonly place: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'spans' }
  | { readonly kind: 'end' };

const telemetry = registerTelemetry();
const names = ownHostNames();
const gateways = new Map<string, Gateway>();

async function start(endpoint: string, environment: Environment): Promise<string> {
  const config = loadConfig({ ...environment, PORT: '0' });
  const gateway = await createGateway({
    config,
    upstream: { datastoreIds: [datastoreId], region: 'us-east-1', endpoint, embedded: false },
    log: createLog({ level: config.process.logLevel, readable: false }),
  });
  gateways.set(gateway.url, gateway);
  return gateway.url;
}

/** All that an exporter could write. */
function told(span: ReadableSpan): object {
  const { name, kind, attributes, events, links, status, resource, instrumentationScope } = span;
  const { traceState } = span.spanContext();
  return {
    ...{ name, kind, attributes, events, links, status, instrumentationScope },
    resource: resource.attributes,
    traceState: traceState?.serialize(),
  };
}

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'start':
      return start(order.endpoint, order.environment);
    case 'stop':
      return gateways.get(order.url)?.close();
    case 'point':
      names.point(order.name, order.target);
      return undefined;
    case 'plant':
      process[order.place].write(`${order.text}\n`);
      return undefined;
    case 'spans':
      return JSON.stringify(telemetry.spans().map(told));
    case 'end':
      process.disconnect();
      return undefined;
  }
}

process.on('message', ({ id, order }: { readonly id: number; readonly order: Order }) => {
  void obey(order).then((answer) => process.connected && process.send?.({ id, answer }));
});
process.send?.({ id: 0 });
