import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';

import { NodeHttpHandler } from '@smithy/node-http-handler';

import { ResponseFault } from '../responses/readMember.ts';

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

/** Its body is streamed to the caller, which bounds it; it may take longer than one try may. */
const streamedPath = '/getImageSetMetadata';

const outOfTime = Symbol('out of time');

/**
 * The SDK's handler bounds the time to the headers, and the silence after them. A body that sends one byte every 200 ms
 * outlasts both, so this one reads responses whole, under one timer. It owns the connections: `destroy` closes them.
 */
export class BoundedHttpHandler extends NodeHttpHandler {
  private readonly options: BoundedHttpHandlerOptions;

  constructor(options: BoundedHttpHandlerOptions) {
    const { connectTimeoutMs, attemptTimeoutMs, maximumSockets } = options;
    const agent = { keepAlive: true, maxSockets: maximumSockets, maxFreeSockets: maximumSockets };
    super({
      connectionTimeout: connectTimeoutMs,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    });
    this.options = options;
  }

  override async handle(
    request: Parameters<Handle>[0],
    options: Parameters<Handle>[1] = {},
  ): ReturnType<Handle> {
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
      return { response };
    } catch (error) {
      throw brokenAttempt(error, attempt.signal.reason === outOfTime);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

/** An Error of this realm with known members: the SDK drops a cause that is not an Error to it. */
function brokenAttempt(cause: unknown, timedOut: boolean): Error {
  if (cause instanceof ResponseFault) return cause;
  const error = new Error('The attempt ended without a whole response.', { cause });
  if (timedOut) return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
  if (typeof cause !== 'object' || cause === null) return error;
  const { name, code, syscall } = cause as Partial<NodeJS.ErrnoException>;
  return Object.assign(error, { name, code, ...(syscall !== undefined && { syscall }) });
}

function readWhole(body: Readable, maximumBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maximumBytes) body.destroy(new ResponseFault('body', `at most ${maximumBytes} bytes`));
      else chunks.push(chunk);
    });
    body.once('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length));
    });
    body.once('error', reject);
    body.once('close', () => {
      reject(Object.assign(new Error('The response broke off.'), { code: 'ECONNRESET' }));
    });
  });
}
