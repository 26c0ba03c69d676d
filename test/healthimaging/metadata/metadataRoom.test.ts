import { setImmediate as others } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import { createMetadataRoom, type MetadataShare } from '../../../src/healthimaging/metadata/metadataRoom.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

const { signal } = new AbortController();
const chunk = 10;

/** Reads a document of so many bytes, and says how that went. */
async function read(share: MetadataShare, bytes: number, isKept = true): Promise<string> {
  const place = share.place({ isKept: () => isKept, drop: () => undefined });
  try {
    await place.begin(signal);
    for (let taken = 0; taken < bytes; taken += chunk) {
      await place.take(Math.min(chunk, bytes - taken), signal);
      await others();
    }
    place.end();
    return 'held';
  } catch (error) {
    place.free();
    return error instanceof GatewayError ? error.code : 'failed';
  }
}

describe('one request', () => {
  test('holds documents up to its bound, and is told of those beyond it', async () => {
    const room = createMetadataRoom({ requestBytes: 100, processBytes: 1_000 });
    const share = room.share();
    const outcomes = await Promise.all([40, 61, 30, 31].map((bytes) => read(share, bytes)));
    expect(outcomes).toEqual(['held', 'UPSTREAM_RESPONSE_TOO_LARGE', 'held', 'UPSTREAM_RESPONSE_TOO_LARGE']);
    expect(room.heldBytes()).toBe(70);
    share.close();
    expect(room.heldBytes()).toBe(0);
  });

  test('drops those that were read for their tags when another needs the room', async () => {
    const room = createMetadataRoom({ requestBytes: 100, processBytes: 100 });
    const share = room.share();
    const outcomes: string[] = [];
    for (let number = 0; number < 20; number += 1) outcomes.push(await read(share, 90, false));
    expect(outcomes).toEqual(Array<string>(20).fill('held'));
    expect(room.heldBytes()).toBe(90);
  });

  test('may read one again whose first try failed', async () => {
    const share = createMetadataRoom({ requestBytes: 100, processBytes: 100 }).share();
    const place = share.place({ isKept: () => true, drop: () => undefined });
    await place.begin(signal);
    await place.take(90, signal);
    place.free();
    await place.begin(signal);
    await place.take(100, signal);
    place.end();
    expect(await read(share, 1)).toBe('UPSTREAM_RESPONSE_TOO_LARGE');
  });

  test('that has ended keeps nothing of what is still being read', async () => {
    const room = createMetadataRoom({ requestBytes: 100, processBytes: 100 });
    const share = room.share();
    const reading = read(share, 50);
    await others();
    share.close();
    await reading;
    expect(room.heldBytes()).toBe(0);
  });

  test('whose deadline comes while it waits makes room for the next', async () => {
    const room = createMetadataRoom({ requestBytes: 100, processBytes: 100 });
    const [holder, late, next] = [room.share(), room.share(), room.share()];
    await read(holder, 100);
    const controller = new AbortController();
    const place = late.place({ isKept: () => true, drop: () => undefined });
    await place.begin(controller.signal);
    const taken = place.take(10, controller.signal);
    const waiting = read(next, 100);
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
    await expect(taken).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    place.free();
    holder.close();
    expect(await waiting).toBe('held');
  });
});

test('requests never hold more than the process may, and every document that would fit is read in the end', async () => {
  const documents = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 140 }), isKept: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(documents, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 100, max: 400 }),
      async (requests, processBytes) => {
        const room = createMetadataRoom({ requestBytes: 100, processBytes });
        let most = 0;
        const watching = setInterval(() => (most = Math.max(most, room.heldBytes())), 0);
        await Promise.all(
          requests.map(async (all) => {
            const share = room.share();
            let kept = 0;
            for (const { bytes, isKept } of all) {
              const outcome = await read(share, bytes, isKept);
              most = Math.max(most, room.heldBytes());
              expect(outcome === 'UPSTREAM_RESPONSE_TOO_LARGE').toBe(kept + bytes > 100);
              if (isKept && kept + bytes <= 100) kept += bytes;
            }
            share.close();
          }),
        );
        clearInterval(watching);
        expect(most).toBeLessThanOrEqual(processBytes);
        expect(room.heldBytes()).toBe(0);
      },
    ),
    propertyParameters(100),
  );
});
