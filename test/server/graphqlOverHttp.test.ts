import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';

import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../support/gateway/withLocal.ts';

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

// The audits' GET requests look like those that any web page could send; this header shows that they are not.
const fetchFn: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { 'apollo-require-preflight': '1', ...toObject(init?.headers) } });

function toObject(headers: HeadersInit | undefined): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

const audits = serverAudits({ url: () => gateway.url, fetchFn });

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))(
    '%s',
    async (_title, audit) => {
      const { status, reason } = { reason: '', ...(await audit.fn()) };
      expect([status, reason]).toEqual(['ok', '']);
    },
  );

  test('are all there', () => {
    expect(audits.length).toBe(61);
  });
});
