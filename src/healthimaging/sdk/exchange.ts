import { request as requestHttp, type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as requestHttps, type Agent as HttpsAgent } from 'node:https';

import { brokenAttempt, readWhole, type WholeResponse } from './attempt.ts';

export interface ExchangeOptions {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly connectTimeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly maximumResponseBytes: number;
}

export interface PostRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a POST request, and reads its response whole, in the time that one try may take. Rejects as the SDK's handler does. */
export async function exchange(
  { protocol, hostname, port, path, headers, body }: PostRequest,
  options: ExchangeOptions,
  signal: AbortSignal,
): Promise<WholeResponse> {
  const isSecure = protocol === 'https:';
  const request = (isSecure ? requestHttps : requestHttp)({
    ...{ method: 'POST', hostname, port, path, headers },
    agent: isSecure ? options.httpsAgent : options.httpAgent,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    request.destroy();
  }, options.attemptTimeoutMs);
  const onAbort = () => request.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await sent(request, body, options.connectTimeoutMs);
    return {
      statusCode: response.statusCode ?? 0,
      headers: headersOf(response),
      body: await readWhole(response, options.maximumResponseBytes),
    };
  } catch (error) {
    throw brokenAttempt(error, timedOut);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function sent(
  request: ReturnType<typeof requestHttp>,
  body: string,
  connectTimeoutMs: number,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Not once: the connection may break again while the response is read, which rejects by itself.
    request.on('error', reject);
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => {
        request.destroy(Object.assign(new Error('No connection was established.'), { name: 'TimeoutError' }));
      }, connectTimeoutMs);
      const stop = () => clearTimeout(timer);
      socket.once('connect', stop).once('close', stop);
    });
    request.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
