import {
  GetDatastoreCommand,
  ListDatastoresCommand,
  ThrottlingException,
} from '@aws-sdk/client-medical-imaging';
import { describe, expect, test } from '@jest/globals';

import { createLocalHealthImaging, type LocalOptions } from '../../src/local/server.ts';
import { openDatastores } from '../../src/local/store/datastores/datastores.ts';
import { createThrottle } from '../../src/local/throttle.ts';
import { clientOf, silentLog } from '../support/gateway/withLocal.ts';

async function startLocal(options: Partial<LocalOptions>) {
  const datastores = openDatastores({ directory: ':memory:' });
  const server = await createLocalHealthImaging({ datastores, log: silentLog, port: 0, ...options });
  const client = clientOf(server.url);
  return {
    ...server,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.close();
      datastores.close();
    },
  };
}

const page = 'https://viewer.example';

describe('pages of another origin', () => {
  test('may ask where they are allowed, after a preflight', async () => {
    await using local = await startLocal({ corsOrigins: [page] });
    const preflight = await fetch(`${local.url}/datastore`, {
      method: 'OPTIONS',
      headers: {
        origin: page,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'amz-sdk-request,authorization',
      },
    });
    expect([preflight.status, Object.fromEntries(preflight.headers)]).toMatchObject([
      204,
      {
        'access-control-allow-origin': page,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'amz-sdk-request,authorization',
        vary: 'origin',
      },
    ]);
    const answer = await fetch(`${local.url}/datastore`, { headers: { origin: page } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-amzn-errortype');
  });

  test('may read errors too', async () => {
    await using local = await startLocal({ corsOrigins: [page] });
    const answer = await fetch(`${local.url}/nowhere`, { headers: { origin: page } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, page]);
  });

  test.each([
    ['of an origin that is not allowed', [page], 'https://other.example'],
    ['of a longer name', [page], `${page}.other`],
    ['where none is allowed', [], page],
  ])('may not: %s', async (_title, corsOrigins, origin) => {
    await using local = await startLocal({ corsOrigins });
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin, 'access-control-request-method': 'GET' };
      const answer = await fetch(`${local.url}/datastore`, { method, headers });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('do not make another Host be taken', async () => {
    await using local = await startLocal({ corsOrigins: [page] });
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      const headers = { origin: page, host: 'rebound.example' };
      request(`${local.url}/datastore`, { headers }, ({ statusCode }) => resolve(statusCode)).end();
    });
    expect(status).toBe(403);
  });
});

describe('throttling', () => {
  test("gives an account's burst, then its rate, to each operation by itself", () => {
    let time = 0;
    const throttle = createThrottle(() => time);
    const taken = (operation: string, calls: number) => {
      let count = 0;
      for (let call = 0; call < calls; call += 1) {
        try {
          throttle(operation);
          count += 1;
        } catch {
          // One too many.
        }
      }
      return count;
    };
    expect([taken('SearchImageSets', 100), taken('GetImageSet', 100), taken('TagResource', 500)]).toEqual([
      50, 50, 500,
    ]);
    time += 1_000;
    expect(taken('SearchImageSets', 100)).toBe(25);
    time += 60_000;
    expect(taken('SearchImageSets', 100)).toBe(50);
    expect(taken('DeleteImageSet', 3)).toBe(1);
    time += 4_000;
    expect(taken('DeleteImageSet', 3)).toBe(1);
  });

  test('is told as the service tells it, and only where it is asked for', async () => {
    await using local = await startLocal({ throttle: true });
    const sent = await Promise.allSettled(
      Array.from({ length: 15 }, () => local.client.send(new ListDatastoresCommand({}))),
    );
    const refused = sent.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(refused.length).toBeGreaterThanOrEqual(4);
    for (const reason of refused) expect(reason).toBeInstanceOf(ThrottlingException);
    const answer = await fetch(`${local.url}/datastore`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    const { datastoreId } = local;
    expect(await local.client.send(new GetDatastoreCommand({ datastoreId }))).toMatchObject({
      datastoreProperties: { datastoreId },
    });
    await using free = await startLocal({});
    const calls = Array.from({ length: 30 }, () => free.client.send(new ListDatastoresCommand({})));
    expect(await Promise.all(calls)).toHaveLength(30);
  });
});
