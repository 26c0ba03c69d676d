import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import { createBreaker, type BreakerState } from '../../../src/healthimaging/calls/breaker.ts';

const options = { failures: 5, failureShare: 0.5, windowMs: 10_000, halfOpenAfterMs: 1_000 };
const down = () => Promise.reject(new GatewayError('UPSTREAM_UNAVAILABLE'));
const refuses = () => Promise.reject(new GatewayError('BAD_USER_INPUT'));
const works = () => Promise.resolve('ok');
const staying = new AbortController().signal;

function harness() {
  const clock = { now: 0 };
  const states: BreakerState[] = [];
  const breaker = createBreaker(
    options,
    (state) => states.push(state),
    () => clock.now,
  );
  /** `ok`, the code of the failure, or for how long the call is refused. */
  const call = async (work: () => Promise<unknown> = works, signal = staying): Promise<unknown> => {
    try {
      return await breaker.execute(work, signal);
    } catch (error) {
      return error instanceof GatewayError ? (error.retryAfterMs ?? error.code) : error;
    }
  };
  const fail = async (times: number) => {
    for (let count = 0; count < times; count += 1) await call(down);
  };
  return { breaker, call, fail, clock, states };
}

/** A call that ends when it is told to. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  return { work: () => promise, resolve, reject };
}

describe('a breaker', () => {
  test('opens at five failures that are half of the calls or more, and refuses until a trial', async () => {
    const { call, fail, clock, states } = harness();
    await fail(4);
    expect(await call()).toBe('ok');
    await fail(1);
    clock.now = 400;
    expect([await call(), states]).toEqual([600, ['closed', 'open']]);
  });

  test('opens although some calls get through, and not where most of them do', async () => {
    for (const [successes, expected] of [
      [1, 'open'],
      [2, 'closed'],
    ] as const) {
      const { call, states } = harness();
      for (let round = 0; round < 30; round += 1) {
        await call(down);
        for (let count = 0; count < successes; count += 1) await call();
      }
      expect(states[1] ?? 'closed').toBe(expected);
    }
  });

  test('forgets what is older than its window', async () => {
    const { call, fail, clock } = harness();
    await fail(4);
    clock.now = 11_000;
    await fail(4);
    expect(await call()).toBe('ok');
  });

  test('does not count refusals, nor calls whose caller leaves', async () => {
    const { call } = harness();
    const left = AbortSignal.abort();
    for (let count = 0; count < 20; count += 1) {
      await call(refuses);
      await call(down, left);
    }
    expect(await call()).toBe('ok');
  });

  test('lets one call try, and is closed by its success, opened by its failure', async () => {
    const { call, fail, clock, states } = harness();
    await fail(5);
    clock.now = 1_000;
    const trial = held();
    const trying = call(trial.work);
    expect(await call()).toBe(1_000);
    trial.reject(new GatewayError('UPSTREAM_TIMEOUT'));
    expect([await trying, await call()]).toEqual(['UPSTREAM_TIMEOUT', 1_000]);
    clock.now = 2_000;
    expect([await call(), await call()]).toEqual(['ok', 'ok']);
    expect(states).toEqual(['closed', 'open', 'half_open', 'open', 'half_open', 'closed']);
  });

  test('is closed by a trial that is refused: HealthImaging has responded', async () => {
    const { call, fail, clock } = harness();
    await fail(5);
    clock.now = 1_000;
    expect([await call(refuses), await call()]).toEqual(['BAD_USER_INPUT', 'ok']);
  });

  test('passes a trial that is abandoned to the next caller, however many leave', async () => {
    const { call, fail, clock, states } = harness();
    await fail(5);
    clock.now = 1_000;
    for (let count = 0; count < 3; count += 1) {
      const leaving = new AbortController();
      const trial = held();
      const trying = call(trial.work, leaving.signal);
      expect(await call()).toBe(1_000);
      leaving.abort(new GatewayError('REQUEST_CANCELLED'));
      trial.reject(new GatewayError('REQUEST_CANCELLED'));
      expect(await trying).toBe('REQUEST_CANCELLED');
    }
    expect([await call(), states.at(-1)]).toEqual(['ok', 'closed']);
  });

  test('never lets more than one call through while it is not closed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('call', 'succeed', 'fail', 'leave', 'wait')),
        async (steps) => {
          const { breaker, fail, clock, states } = harness();
          await fail(5);
          const running: { end: (how: string) => void; done: Promise<unknown> }[] = [];
          for (const step of steps) {
            if (step === 'wait') clock.now += 700;
            if (step === 'call') {
              const { work, resolve, reject } = held();
              const controller = new AbortController();
              const begun: true[] = [];
              const isClosed = states.at(-1) === 'closed';
              const done = breaker
                .execute(() => {
                  begun.push(true);
                  return work();
                }, controller.signal)
                .catch(() => undefined);
              if (begun.length === 0) continue;
              if (!isClosed) expect(running).toHaveLength(0);
              running.push({
                done,
                end(how) {
                  if (how === 'leave') controller.abort();
                  if (how === 'succeed') resolve('ok');
                  else reject(new GatewayError('UPSTREAM_UNAVAILABLE'));
                },
              });
              if (isClosed) running.pop()?.end('succeed');
            } else {
              const first = running.shift();
              first?.end(step);
              await first?.done;
            }
          }
        },
      ),
    );
  });
});
