import type { Readable } from 'node:stream';

import { ResponseFault } from '../responses/readMember.ts';

/** A response, whole. */
export interface WholeResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** An Error of this realm with known members: the SDK drops a cause that is not an Error to it. */
export function brokenAttempt(cause: unknown, timedOut: boolean): Error {
  if (cause instanceof ResponseFault) return cause;
  const error = new Error('The attempt ended without a whole response.', { cause });
  if (timedOut) return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
  if (typeof cause !== 'object' || cause === null) return error;
  const { name, code, syscall } = cause as Partial<NodeJS.ErrnoException>;
  return Object.assign(error, { name, code, ...(syscall !== undefined && { syscall }) });
}

export function readWhole(body: Readable, maximumBytes: number): Promise<Uint8Array> {
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
