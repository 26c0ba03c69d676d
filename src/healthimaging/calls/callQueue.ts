import { GatewayError } from '../../errors.ts';
import { createTokenBucket, unlimited, type Rate, type TokenBucket } from '../../tokenBucket.ts';
import { abortError } from '../abort.ts';
import type { CallOptions, Operation } from '../api.ts';
import { callsAhead, tooMany, Turns, type Waiting } from './turns.ts';

/*
 * A call waits in the lane of its operation, where callers take turns (turns.ts), until two things are there at the same moment:
 * a rate token of its operation, and one of the places that all operations share.
 *
 *   lanes, one for each operation               places
 *
 *   SearchImageSets       c  b  a ── bucket ──┐
 *   GetImageSet              e  d ── bucket ──┼──▶ ● ● ● ● ○ ○ ──▶ HealthImaging
 *   GetImageSetMetadata           ── bucket ──┘
 *
 * Token and place are taken in one step. A call that held a place while it waited for a token would keep the other
 * operations out; one that held a token while it waited for a place would spend it late, on top of those that have come
 * since, and overdraw the account. Of the lanes that have a token, the one whose next call has waited longest goes next.
 *
 * Wake-ups: `dispatch` starts all that may start. It runs after each event that may let a call start or change when
 * one may:
 *
 *   a call arrives               its lane may be the only one that has a token
 *   a call leaves                its place is free
 *   a call gives up              the one behind it moves up
 *   an operation is slowed down  its next token comes later than the timer expects
 *   the timer fires              the next token of some lane is due; none is set while all places are taken
 */

export interface CallQueueOptions {
  /** Operations without a rate are unlimited. */
  readonly rates: Partial<Readonly<Record<Operation, Rate>>>;
  /** Calls that may be in flight at once. */
  readonly maximumInFlight: number;
  /** Calls that may wait, over all lanes. */
  readonly maximumQueued: number;
  /** Told of each call that enters, leaves the queue or is refused in it; 0 for one that did not have to wait. */
  readonly observeWait?: (operation: Operation, seconds: number) => void;
}

/** Gives the place back; to be called once. */
export type Leave = () => void;

interface Waiter {
  readonly arrivedAt: number;
  readonly call: CallOptions;
  /** Whether it waits for a token, and not only for a place. */
  readonly paced: boolean;
  start(): void;
  refuse(error: GatewayError): void;
}

interface Lane {
  readonly operation: Operation;
  readonly bucket: TokenBucket;
  /** In the order of arrival. */
  readonly waiters: Waiter[];
  readonly turns: Turns;
}

/** About the time of one call: what a client is told to wait where all places are taken. */
const placeMs = 1000;

/** With less time left than a response takes, a call would spend its token and end as if HealthImaging had been late. */
const responseMs = 250;

const now = () => performance.now();

export class CallQueue {
  private readonly options: CallQueueOptions;
  private readonly lanes = new Map<Operation, Lane>();
  private inFlight = 0;
  private queued = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: CallQueueOptions) {
    this.options = options;
  }

  /**
   * Resolves when the call may start.
   * @throws {GatewayError} UPSTREAM_THROTTLED when its turn comes too late for its deadline; OVERLOADED when too many
   *   calls wait, or when it is ahead of need and others may need what it would take; the signal's reason when that is
   *   aborted first
   */
  async enter(operation: Operation, call: CallOptions): Promise<Leave> {
    if (call.signal.aborted) throw abortError(call.signal);
    const lane = this.laneOf(operation);
    const { bucket, waiters } = lane;
    if (call.ahead === true && !this.hasToSpare(lane)) throw new GatewayError('OVERLOADED');

    if (waiters.length === 0 && this.hasPlace() && bucket.take()) {
      lane.turns.taken({ call });
      this.inFlight += 1;
      this.options.observeWait?.(operation, 0);
      return this.leave;
    }

    // A wait that cannot end in time is refused before it begins.
    const waitMs = bucket.waitMs(callsAhead(waiters, { call }));
    if (waitMs > 0 && comesTooLate(call, waitMs)) throw throttled(waitMs);
    if (this.queued >= this.options.maximumQueued) this.makeRoom({ call }, waitMs);

    const entered = this.wait(lane, call, waitMs);
    this.dispatch();
    return entered;
  }

  /** HealthImaging throttled a call: the operation's next tokens come later, and more slowly. */
  slowDown(operation: Operation, retryAfterMs: number | undefined): void {
    this.laneOf(operation).bucket.slowDown(retryAfterMs);
    this.dispatch();
  }

  /** Where no more may wait, who has the most calls waiting loses the last one of them. */
  private makeRoom(joining: Waiting, waitMs: number): void {
    const error = new GatewayError('OVERLOADED', { retryAfterMs: Math.max(waitMs, placeMs) });
    const all = [...this.lanes.values()].flatMap(({ waiters }) => waiters);
    const last = tooMany(all, joining);
    if (last === undefined) throw error;
    for (const { waiters } of this.lanes.values()) {
      const index = waiters.indexOf(last);
      if (index >= 0) waiters.splice(index, 1);
    }
    this.queued -= 1;
    last.refuse(error);
  }

  private readonly leave: Leave = () => {
    this.inFlight -= 1;
    this.dispatch();
  };

  private hasPlace(): boolean {
    return this.inFlight < this.options.maximumInFlight;
  }

  /** While nobody waits, and half of the burst and half of the places are left for whoever comes. */
  private hasToSpare({ operation, bucket }: Lane): boolean {
    const { burst } = this.options.rates[operation] ?? unlimited;
    const kept = Number.isFinite(burst) ? Math.floor(burst / 2) : 0;
    return this.queued === 0 && 2 * this.inFlight < this.options.maximumInFlight && bucket.waitMs(kept) === 0;
  }

  private laneOf(operation: Operation): Lane {
    const known = this.lanes.get(operation);
    if (known !== undefined) return known;
    const bucket = createTokenBucket(this.options.rates[operation] ?? unlimited, now);
    const lane: Lane = { operation, bucket, waiters: [], turns: new Turns() };
    this.lanes.set(operation, lane);
    return lane;
  }

  /** Joins the end of the lane. `start`, `refuse` or the call's signal ends the wait, whichever comes first. */
  private wait({ operation, bucket, waiters }: Lane, call: CallOptions, waitMs: number): Promise<Leave> {
    const { signal, progress } = call;
    return new Promise((resolve, reject) => {
      const ended = () => {
        signal.removeEventListener('abort', onAbort);
        if (progress !== undefined) progress.turnAt = undefined;
        this.options.observeWait?.(operation, (now() - waiter.arrivedAt) / 1000);
      };
      const onAbort = () => {
        waiters.splice(waiters.indexOf(waiter), 1);
        const error = withdrawal(signal, bucket.waitMs(callsAhead(waiters, waiter)));
        this.queued -= 1;
        waiter.refuse(error);
        this.dispatch();
      };
      const waiter: Waiter = {
        arrivedAt: now(),
        call,
        paced: waitMs > 0,
        start: () => {
          ended();
          resolve(this.leave);
        },
        refuse: (error) => {
          ended();
          reject(error);
        },
      };
      if (waitMs > 0 && progress !== undefined) progress.turnAt = performance.now() + waitMs;
      signal.addEventListener('abort', onAbort, { once: true });
      waiters.push(waiter);
      this.queued += 1;
    });
  }

  private dispatch(): void {
    while (this.hasPlace()) {
      const lane = this.nextLane();
      const next = lane === undefined ? 0 : lane.turns.next(lane.waiters);
      const waiter = lane?.waiters[next];
      if (lane === undefined || waiter === undefined) break;
      // A call that comes too late leaves its token to the one behind it.
      const late = waiter.paced && comesTooLate(waiter.call, 0);
      if (!late && !lane.bucket.take()) break;
      lane.waiters.splice(next, 1);
      this.queued -= 1;
      if (late) {
        waiter.refuse(throttled(lane.bucket.waitMs(lane.waiters.length)));
      } else {
        lane.turns.taken(waiter);
        this.inFlight += 1;
        waiter.start();
      }
    }
    this.setTimer();
  }

  /** Of the lanes that have a token, the one whose next call has waited longest. */
  private nextLane(): Lane | undefined {
    const arrivedAt = ({ waiters, turns }: Lane) => waiters[turns.next(waiters)]?.arrivedAt ?? 0;
    return this.waitingLanes()
      .filter(({ bucket }) => bucket.waitMs(0) === 0)
      .sort((first, second) => arrivedAt(first) - arrivedAt(second))[0];
  }

  private setTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Without a free place, the next call that leaves dispatches.
    if (this.queued === 0 || !this.hasPlace()) return;
    const waits = this.waitingLanes().map(({ bucket }) => bucket.waitMs(0));
    this.timer = setTimeout(
      () => {
        this.dispatch();
      },
      Math.max(Math.min(...waits), 1),
    );
  }

  private waitingLanes(): Lane[] {
    return [...this.lanes.values()].filter(({ waiters }) => waiters.length > 0);
  }
}

function comesTooLate({ deadline }: CallOptions, waitMs: number): boolean {
  return deadline !== undefined && performance.now() + waitMs + responseMs > deadline;
}

function throttled(retryAfterMs: number): GatewayError {
  return new GatewayError('UPSTREAM_THROTTLED', { retryAfterMs: Math.max(Math.ceil(retryAfterMs), 1) });
}

/**
 * The error of a call whose signal is aborted while it waits. One that waited for its turn until its deadline was
 * throttled: HealthImaging was not late. One that waited for a place among slow calls was not throttled.
 * @param waitMs how much longer it would have waited for its turn
 */
export function withdrawal(signal: AbortSignal, waitMs: number): GatewayError {
  const error = abortError(signal);
  return error.code === 'UPSTREAM_TIMEOUT' && waitMs > 0 ? throttled(waitMs) : error;
}
