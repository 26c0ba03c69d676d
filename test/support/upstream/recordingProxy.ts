import { createServer, request as forward } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call as it reached HealthImaging. */
export interface UpstreamCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; absent when the call had no body. */
  readonly body?: unknown;
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** In the order of arrival; emptied by `take`. */
  take(): UpstreamCall[];
}

export interface RecordingProxyOptions {
  /** The HTTP status of an error to respond with instead, in the service's form; default: none. */
  readonly faultOf?: (call: UpstreamCall) => number | undefined;
}

/** Stands between the gateway and the local HealthImaging, and records the calls as they are on the wire. */
export async function startRecordingProxy(
  target: string,
  { faultOf }: RecordingProxyOptions = {},
): Promise<RecordingProxy> {
  let calls: UpstreamCall[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await text(incoming);
      const url = new URL(incoming.url ?? '/', target);
      const call: UpstreamCall = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        ...(body !== '' && { body: JSON.parse(body) as unknown }),
      };
      calls.push(call);
      const fault = faultOf?.(call);
      if (fault !== undefined) {
        outgoing.writeHead(fault, {
          'content-type': 'application/json',
          'x-amzn-errortype': 'InternalServerException',
        });
        outgoing.end('{"message":"injected"}');
        return;
      }
      const onward = forward(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
