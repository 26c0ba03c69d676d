import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { openSocket } from '../../support/http/rawRequest.ts';
import { startTestGateway, type GraphqlResult } from '../../support/gateway/testGateway.ts';
import { withLocal } from '../../support/gateway/withLocal.ts';

const bound = 1_000;
const head =
  'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 26\r\n\r\n';
const body = '{"query":"{ __typename }"}';

test('one request more than there is room for is refused before its body is read, and taken when there is room', async () => {
  const local = await withLocal();
  await using gateway = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
  const sockets = await Promise.all(Array.from({ length: bound }, () => openSocket(gateway.url)));
  for (const socket of sockets) socket.write(head);
  await delay(1_000);

  const refused = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect([
    refused.status,
    refused.headers.get('retry-after'),
    (await refused.json()) as GraphqlResult,
  ]).toEqual([
    503,
    '1',
    {
      errors: [
        {
          message: 'Too many requests are in progress. Try again later.',
          extensions: { code: 'OVERLOADED', retryable: true, requestId: expect.any(String) },
        },
      ],
    },
  ]);

  const closed = sockets.map((socket) => once(socket.resume(), 'close'));
  for (const socket of sockets) socket.write(body);
  await Promise.all(closed);
  expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  await local.close();
}, 30_000);
