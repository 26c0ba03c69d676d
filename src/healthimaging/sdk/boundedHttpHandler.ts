import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';

import { NodeHttpHandler } from '@smithy/node-http-handler';

import { ResponseFault } from '../responses/readMember.ts';

export interface BoundedHttpHandlerOptions {
  /** Milliseconds to establish a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds that one try may take, to the end of its answer's body. */
  readonly attemptTimeoutMs: number;
  readonly maximumSockets: number;
  /** Bound of a JSON answer, in bytes. */
  readonly maximumResponseBytes: number;
}

type Handle = NodeHttpHandler['handle'];

/** Its body is streamed to the caller, who bounds it; it may be larger than one try's time allows. */
const streamedPath = '/getImageSetMetadata';

const outOfTime = Symbol('out of time');

/**
 * The SDK's handler bounds a try up to its headers, and the silence after them; a body that drips one byte every 200 ms
 * outlasts both. So answers are read whole in here, under one timer. Owns the connections: `destroy` ends them.
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

/** An error of this realm and of known members, whatever broke: the SDK loses what it does not take for an Error. */
function brokenAttempt(cause: unknown, timedOut: boolean): Error {
  if (cause instanceof ResponseFault) return cause;
  const error = new Error('The attempt brought no whole answer.', { cause });
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
      reject(Object.assign(new Error('The answer broke off.'), { code: 'ECONNRESET' }));
    });
  });
}
