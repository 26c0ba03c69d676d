import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { answerOn, openSocket } from '../../support/http/rawRequest.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  gateway = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

const body = JSON.stringify({ query: '{ __typename }' });
const head = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** Sends one byte a moment, until it is answered. */
async function drip(start: string, bytes: string) {
  const socket = await openSocket(gateway.url);
  const startedAt = performance.now();
  socket.write(start);
  let sent = 0;
  const timer = setInterval(() => socket.write(bytes[sent++ % bytes.length] ?? ''), 100);
  const answer = await answerOn(socket);
  clearInterval(timer);
  return { answer, seconds: (performance.now() - startedAt) / 1000 };
}

const slow: readonly (readonly [string, string, string, number])[] = [
  ['headers, after 6 s', head, 'x', 6],
  ['a body, after 11 s', `${head}content-length: 100000\r\n\r\n`, 'x', 11],
  ['a body in chunks, after 11 s', `${head}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n', 11],
  ['a connection that sends nothing, after 6 s', '', '', 6],
];

test('slow clients are cut, with 408', async () => {
  const answers = await Promise.all(
    slow.map(async ([title, start, bytes, bound]) => {
      const { answer, seconds } = await drip(start, bytes);
      const isInTime = seconds > bound - 1 && seconds < bound + 2;
      return [
        title,
        answer.status,
        isInTime,
        JSON.parse(answer.body) as unknown,
        answer.headers['x-request-id'],
      ];
    }),
  );
  expect(answers).toEqual(
    slow.map(([title], index) => [title, 408, true, timedOut(answers[index]?.[4]), answers[index]?.[4]]),
  );
}, 20_000);

const timedOut = (requestId: unknown) => ({
  errors: [
    {
      message: 'Expected the whole request within the time limit.',
      extensions: { code: 'BAD_REQUEST', retryable: false, requestId },
    },
  ],
});

test('one that takes its time within the bounds is answered', async () => {
  const socket = await openSocket(gateway.url);
  const request = `${head}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  for (const byte of Array.from(request)) {
    socket.write(byte);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect((await answerOn(socket)).body).toContain('"__typename":"Query"');
});
