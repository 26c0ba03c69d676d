import { AsyncLocalStorage } from 'node:async_hooks';

import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type TextMapPropagator,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

export interface Telemetry extends AsyncDisposable {
  /** Of what has ended. */
  readonly spans: () => ReadableSpan[];
  readonly reset: () => void;
  /** Names of the headers that contexts were looked for in. */
  readonly carried: () => string[];
}

/** OpenTelemetry's SDK with what an operator registers beside it: contexts that follow promises, and W3C Trace Context. */
export function registerTelemetry(): Telemetry {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(contextManager());
  const carried = new Set<string>();
  propagation.setGlobalPropagator(traceContext((name) => carried.add(name)));
  return {
    spans: () => exporter.getFinishedSpans(),
    reset: () => exporter.reset(),
    carried: () => [...carried],
    async [Symbol.asyncDispose]() {
      for (const api of [trace, context, propagation]) api.disable();
      await provider.shutdown();
    },
  };
}

function contextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...words) =>
      storage.run(active, (): ReturnType<typeof work> => Reflect.apply(work, self, words)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** As the SDK's own: `traceparent`, and `tracestate` where it comes along. */
const traceContext = (note: (header: string) => void): TextMapPropagator => ({
  fields: () => ['traceparent', 'tracestate'],
  inject: () => undefined,
  extract(active, carrier, getter) {
    getter.keys(carrier).forEach(note);
    const [version, traceId = '', spanId = '', flags = ''] = String(getter.get(carrier, 'traceparent')).split(
      '-',
    );
    if (version !== '00') return active;
    const state = String(getter.get(carrier, 'tracestate') ?? '');
    const traceState = {
      set: () => traceState,
      unset: () => traceState,
      get: () => state,
      serialize: () => state,
    };
    const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true, traceState };
    return trace.setSpanContext(active, parent);
  },
});
