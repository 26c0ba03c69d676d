import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { openSocket } from '../support/http/rawRequest.ts';
import { signers, signToken } from '../support/tokens/signToken.ts';
import { startTestGateway } from '../support/gateway/testGateway.ts';
import { answerOf, published, startTestIssuer } from '../support/tokens/testIssuer.ts';

const body = '{"query":"{ __typename }"}';

test('a client that disconnects during the key fetch frees its place, so that the gateway can drain', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const issuer = await startTestIssuer([published(privateKey, 'key-1', 'RS256')]);
  const held: (() => void)[] = [];
  issuer.answer = (path, response) => void held.push(() => answerOf(issuer, path, response));
  const gateway = await startTestGateway({
    endpoint: 'http://127.0.0.1:1',
    datastoreIds: ['d'.repeat(32)],
    // Longer than this test may take: the drain would wait for a place that is not freed.
    environment: {
      ...{ AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: 'graph', AUDIT: 'off' },
      REQUEST_DEADLINE_MS: '600000',
    },
  });
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const claims = { iss: issuer.url, aud: 'graph', sub: 'user-1', exp };
  const token = signToken({ alg: 'RS256', kid: 'key-1' }, claims, signers.rs256(privateKey));
  const socket = await openSocket(gateway.url);
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await delay(200);
  socket.resetAndDestroy();
  await delay(200);
  issuer.answer = undefined;
  for (const answer of held) answer();

  const answer = await gateway.query('{ __typename }', undefined, { authorization: `Bearer ${token}` });
  expect(answer.body).toEqual({ data: { __typename: 'Query' } });
  await gateway.gateway.close();
  await issuer.close();
}, 8_000);
