import { request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Sent {
  /** Left out: the graph. */
  readonly path?: string;
  /** Left out: POST. */
  readonly method?: string;
  /** Left out: JSON. */
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer | Uint8Array;
}

export interface ExactAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Without fetch, which adds headers, forbids some and decompresses. */
export function answerTo(url: string, sent: Sent): Promise<ExactAnswer> {
  const { path = '/graphql', method = 'POST', headers = json, body = '' } = sent;
  return new Promise((resolve, reject) => {
    send(`${url}${path}`, { method, headers }, (answer) => {
      buffer(answer).then(
        (content) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: content }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });
}

export const json = { 'content-type': 'application/json' };
