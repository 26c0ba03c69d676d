import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { captureLog } from '../support/capturedLog.ts';
import { startTestGateway } from '../support/gateway/testGateway.ts';
import { datastoreId } from '../support/upstream/fakeHealthImaging.ts';
import { exception, json, reset, startFaultServer, type Fault } from '../support/upstream/faultServer.ts';
import { wirePage } from '../support/upstream/wireSummaries.ts';

const document = `query ($patientId: String!) {
  imageSets(filter: { patientId: { equal: $patientId } }) { nodes { imageSetId } }
}`;

test.each<[string, Fault, string, boolean]>([
  ['an expired credential', exception(403, 'ExpiredTokenException'), 'UPSTREAM_AUTH_FAILED', false],
  ['a dead endpoint', reset, 'UPSTREAM_UNAVAILABLE', false],
  ['an unknown data store', exception(404, 'ResourceNotFoundException'), 'NOT_FOUND', true],
])(
  'the log names %s once, by the first request, and says when it is over',
  async (_what, fault, code, namesDatastore) => {
    const upstream = await startFaultServer(fault);
    const { log, lines, text } = captureLog();
    await using gateway = await startTestGateway({
      endpoint: upstream.url,
      datastoreIds: [datastoreId],
      log,
    });
    const ask = (number: number) => gateway.query(document, { patientId: `SAMPLE-${number}` });
    const reports = () => lines().filter((line) => line['code'] === code);

    const first = await ask(0);
    await Promise.all([ask(1), ask(2), ask(3)]);
    expect(first.body.errors?.[0]?.extensions.code).toBe(code);
    const requestId = first.headers.get('x-request-id');
    const place = namesDatastore ? { datastoreId } : {};
    expect(reports()).toMatchObject([{ level: 40, code, requestId, operation: 'SearchImageSets', ...place }]);

    upstream.script(json(wirePage(1)));
    for (let tries = 0; tries < 50 && reports().length < 2; tries += 1) {
      await delay(100);
      await ask(4 + tries);
    }
    expect(reports()).toHaveLength(2);
    expect(reports()[1]).toMatchObject({ level: 30, code, ...place });
    expect(text()).not.toContain('SAMPLE-');
    await upstream.close();
  },
);
