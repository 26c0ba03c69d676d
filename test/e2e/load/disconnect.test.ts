import { request, type ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import {
  drip,
  exception,
  hang,
  json,
  stall,
  startFaultServer,
  type Fault,
  type FaultServer,
  type RecordedRequest,
} from '../../support/upstream/faultServer.ts';
import { forkGateway, type ForkedGateway } from '../../support/gateway/forkGateway.ts';
import type { Measurement } from '../../support/gateway/gatewayProcess.ts';
import { wirePage } from '../../support/upstream/wireSummaries.ts';

/** The bound of the issue: from the client's leaving to the close of the upstream socket. */
const longestCloseMs = 100;

let upstream: FaultServer;
let gateway: ForkedGateway;

beforeAll(async () => {
  upstream = await startFaultServer(json(wirePage(2)));
  gateway = await forkGateway(upstream.url, {
    HEALTHIMAGING_SEARCH_RATE: 'unlimited',
    HEALTHIMAGING_SEARCH_BURST: '100000',
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

let searches = 0;

/** A client with a connection of its own, asking for what nobody else asks for. */
function client(patientId = `PATIENT-${(searches += 1)}`): ClientRequest {
  const sent = request(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  sent.on('error', () => undefined);
  sent.end(
    JSON.stringify({
      query: `query ($patientId: String!) { imageSets(filter: { patientId: { equal: $patientId } }) { nodes { imageSetId } } }`,
      variables: { patientId },
    }),
  );
  return sent;
}

async function until(condition: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > 20_000) throw new Error('Expected it within 20 s.');
    await delay(1);
  }
}

/** The call of a search that has arrived upstream, by the patient that it is for. */
function callFor(patientId: string): RecordedRequest | undefined {
  return upstream.requests.find(({ body }) => body.includes(`"${patientId}"`));
}

/** Milliseconds from the client's leaving until the socket of its upstream call was closed. */
async function leave(waitMs = 0): Promise<number> {
  const patientId = `PATIENT-${(searches += 1)}`;
  const left = client(patientId);
  await until(() => callFor(patientId) !== undefined);
  await delay(waitMs);
  const leftAt = performance.now();
  left.destroy();
  await until(() => callFor(patientId)?.closedAt !== undefined);
  return (callFor(patientId)?.closedAt ?? Number.NaN) - leftAt;
}

describe('a client that disconnects closes the upstream socket within 100 ms', () => {
  const body = JSON.stringify(wirePage(2));

  // The first request of a process is slower than all that follow.
  beforeAll(async () => {
    upstream.script(hang);
    await leave();
  });

  test.each<{ during: string; fault: Fault }>([
    { during: 'a call that hangs', fault: hang },
    { during: 'a body that stalls', fault: stall(body) },
    { during: 'a body that drips', fault: drip(body, 20) },
  ])('during $during', async ({ fault }) => {
    upstream.script(fault);
    const closes: number[] = [];
    for (let round = 0; round < 5; round += 1) closes.push(await leave(50));
    process.stdout.write(`closed after ${closes.map((close) => close.toFixed(1)).join(', ')} ms\n`);
    expect(Math.max(...closes)).toBeLessThanOrEqual(longestCloseMs);
  });

  test('during the second try of a call', async () => {
    upstream.script(exception(500, 'InternalServerException'), hang);
    const before = upstream.requests.length;
    const left = client();
    await until(() => upstream.requests.length === before + 2);
    const leftAt = performance.now();
    left.destroy();
    await until(() => upstream.openSockets() === 0);
    expect(performance.now() - leftAt).toBeLessThanOrEqual(longestCloseMs);
    await delay(300);
    expect(upstream.requests.length).toBe(before + 2);
  });
});

describe('a call that is shared', () => {
  test('goes on for the clients that stay, and ends with the last', async () => {
    upstream.script(hang);
    const before = upstream.requests.length;
    const [first, second] = [client('PATIENT-SHARED'), client('PATIENT-SHARED')];
    await until(() => upstream.requests.length === before + 1);
    await delay(100);
    first.destroy();
    await delay(150);
    expect([upstream.requests.length, callFor('PATIENT-SHARED')?.closedAt]).toEqual([before + 1, undefined]);
    second.destroy();
    await until(() => callFor('PATIENT-SHARED')?.closedAt !== undefined);
  });
});

describe('1,000 clients that disconnect', () => {
  const clients = 1_000;
  /** As many calls as may be under way at once. */
  const atOnce = 50;

  /** How it is once it is as it should be, or after 5 s: a timer that outlives its request has its deadline, of 10 s. */
  async function settled(isSettled: (measurement: Measurement) => boolean): Promise<Measurement> {
    const startedAt = performance.now();
    let measurement = await gateway.measure();
    while (!isSettled(measurement) && performance.now() - startedAt < 5_000) {
      await delay(250);
      measurement = await gateway.measure();
    }
    return measurement;
  }

  async function disconnect(count: number): Promise<void> {
    for (let done = 0; done < count; done += atOnce) {
      const before = upstream.requests.length;
      const all = Array.from({ length: atOnce }, () => client());
      await until(() => upstream.requests.length >= before + atOnce);
      for (const each of all) each.destroy();
      await until(() => upstream.openSockets() === 0);
    }
  }

  beforeEach(() => {
    upstream.script(hang);
  });

  test('leave no socket, timer or listener', async () => {
    await disconnect(100);
    const before = await settled(({ resources }) => resources['TCPSocketWrap'] === undefined);
    const callsBefore = upstream.requests.length;
    await disconnect(clients);
    const after = await settled(
      ({ resources, descriptors }) =>
        JSON.stringify(resources) === JSON.stringify(before.resources) && descriptors === before.descriptors,
    );
    process.stdout.write(`${JSON.stringify({ clients, before })}\n${JSON.stringify({ after })}\n`);
    expect(upstream.requests.length - callsBefore).toBe(clients);
    expect(upstream.openSockets()).toBe(0);
    expect(after).toEqual({
      ...after,
      descriptors: before.descriptors,
      resources: before.resources,
      processListeners: before.processListeners,
      unhandledRejections: 0,
      warnings: [],
    });
    // An AbortSignal carries the listeners of its request. One for each client would be 1,000; a few are the process's own.
    for (const [name, count] of Object.entries(after.objects)) {
      expect(count).toBeLessThanOrEqual((before.objects[name] ?? 0) + 10);
    }
  });

  test('and the gateway answers as before', async () => {
    upstream.script(json(wirePage(2)));
    const { status, body } = await gateway.query('{ imageSets { nodes { imageSetId } } }');
    expect([status, body.errors]).toEqual([200, undefined]);
  });
});
