import { createServer, request as forward } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

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
  /** Milliseconds until a call is passed on; Infinity: it is never answered. Default: none. */
  readonly delayOf?: (call: UpstreamCall) => number;
  /** Calls after which a next token is refused that was not given anew since; default: never. */
  readonly tokenLife?: number;
}

const faultNames: Readonly<Record<number, string>> = { 400: 'ValidationException' };

/** Stands between the gateway and the local HealthImaging, and records the calls as they are on the wire. */
export async function startRecordingProxy(
  target: string,
  { faultOf, delayOf = () => 0, tokenLife = Number.POSITIVE_INFINITY }: RecordingProxyOptions = {},
): Promise<RecordingProxy> {
  let calls: UpstreamCall[] = [];
  let count = 0;
  /** When each next token was given last, counted in calls. */
  const givenAt = new Map<string, number>();
  const isRefused = ({ query: { nextToken } }: UpstreamCall) =>
    nextToken !== undefined && count - (givenAt.get(nextToken) ?? count) > tokenLife;
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
      count += 1;
      const delayMs = delayOf(call);
      if (delayMs === Number.POSITIVE_INFINITY) return;
      if (delayMs > 0) await delay(delayMs);
      const fault = isRefused(call) ? 400 : faultOf?.(call);
      if (fault !== undefined) {
        outgoing.writeHead(fault, {
          'content-type': 'application/json',
          'x-amzn-errortype': faultNames[fault] ?? 'InternalServerException',
        });
        outgoing.end('{"message":"injected"}');
        return;
      }
      const onward = forward(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        if (tokenLife < Number.POSITIVE_INFINITY) {
          void text(answer.pipe(new PassThrough())).then((json) => {
            const { nextToken } = JSON.parse(json) as { readonly nextToken?: string };
            if (nextToken !== undefined) givenAt.set(nextToken, count);
          });
        }
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
