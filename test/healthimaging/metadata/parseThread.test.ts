import { Worker } from 'node:worker_threads';

import { expect, jest, test } from '@jest/globals';

import { parseApart } from '../../../src/healthimaging/metadata/parseApart.ts';
import { GatewayError } from '../../../src/errors.ts';

/** Long, so that it goes to the thread. */
const document = () => new Uint8Array(Buffer.from(JSON.stringify({ Padding: ' '.repeat(70_000) })));

test('a thread that ends in the middle fails its documents, and the next ones have a thread of their own', async () => {
  jest.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
  const ended = await Promise.allSettled([parseApart(document()), parseApart(document())]);
  const failed = { status: 'rejected', reason: new GatewayError('UPSTREAM_RESPONSE_TOO_LARGE') };
  expect(ended).toEqual([failed, failed]);
  const { text } = await parseApart(document());
  expect(Buffer.from(text)).toEqual(Buffer.from(document()));
});
