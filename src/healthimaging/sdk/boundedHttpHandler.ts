import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';

import { NodeHttpHandler } from '@smithy/node-http-handler';

import { brokenAttempt, readWhole, type WholeResponse } from './attempt.ts';
import { exchange, type ExchangeOptions, type PostRequest } from './exchange.ts';

export interface BoundedHttpHandlerOptions {
  /** Milliseconds to establish a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds that one try may take, to the end of the response's body. */
  readonly attemptTimeoutMs: number;
  readonly maximumSockets: number;
  /** Bound of a JSON response, in bytes. */
  readonly maximumResponseBytes: number;
}

type Handle = NodeHttpHandler['handle'];
type SdkResponse = Awaited<ReturnType<Handle>>['response'];

/** Its body is streamed to the caller, which bounds it; it may take longer than one try may. */
const streamedPath = '/getImageSetMetadata';

const searchPath = '/searchImageSets';

const outOfTime = Symbol('out of time');

/** A request as the SDK made it. */
export interface ObservedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The SDK's handler bounds the time to the headers, and the silence after them. A body that sends one byte every 200 ms
 * outlasts both, so this one reads responses whole, under one timer. It owns the connections: `destroy` closes them.
 */
export class BoundedHttpHandler extends NodeHttpHandler {
  /** The last search that the SDK sent and that succeeded, for those that are sent without it. */
  lastSearch: ObservedRequest | undefined;
  private readonly options: ExchangeOptions;

  constructor(options: BoundedHttpHandlerOptions) {
    const { connectTimeoutMs, attemptTimeoutMs, maximumSockets } = options;
    const agent = { keepAlive: true, maxSockets: maximumSockets, maxFreeSockets: maximumSockets };
    const [httpAgent, httpsAgent] = [new HttpAgent(agent), new HttpsAgent(agent)];
    super({
      connectionTimeout: connectTimeoutMs,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
      httpAgent,
      httpsAgent,
    });
    this.options = { ...options, httpAgent, httpsAgent };
  }

  /** Sends a request that the SDK did not make, over the same connections. */
  exchange(request: PostRequest, signal: AbortSignal): Promise<WholeResponse> {
    return exchange(request, this.options, signal);
  }

  /** @param options with a `response`: the SDK is only to read that */
  override async handle(
    request: Parameters<Handle>[0],
    options: Parameters<Handle>[1] & { readonly response?: SdkResponse } = {},
  ): ReturnType<Handle> {
    if (options.response !== undefined) return { response: options.response };
    const { attemptTimeoutMs, maximumResponseBytes } = this.options;
    const { abortSignal } = options;
    const attempt = new AbortController();
    const timer = setTimeout(() => {
      attempt.abort(outOfTime);
    }, attemptTimeoutMs);
    const onAbort = () => {
      attempt.abort();
    };
    if (abortSignal?.aborted === true) onAbort();
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const { response } = await super.handle(request, { ...options, abortSignal: attempt.signal });
      const streamed = response.statusCode === 200 && request.path.endsWith(streamedPath);
      if (!streamed && response.body instanceof Readable) {
        response.body = await readWhole(response.body, maximumResponseBytes);
      }
      if (response.statusCode === 200 && request.path.endsWith(searchPath)) {
        // Without the body: it has what was searched for.
        const { protocol, hostname, port, path, headers } = request;
        this.lastSearch = { protocol, hostname, port, path, headers };
      }
      return { response };
    } catch (error) {
      throw brokenAttempt(error, attempt.signal.reason === outOfTime);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
