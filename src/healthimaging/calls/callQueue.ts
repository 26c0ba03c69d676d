import { GatewayError } from '../../errors.ts';
import { abortError } from '../abort.ts';
import type { CallOptions, Operation } from '../api.ts';
import { createTokenBucket, unlimited, type Rate, type TokenBucket } from '../../tokenBucket.ts';

export interface CallQueueOptions {
  /** Operations without a rate are unlimited. */
  readonly rates: Partial<Readonly<Record<Operation, Rate>>>;
  /** Calls that may be under way at once. */
  readonly maximumInFlight: number;
  /** Calls that may wait, for their turn or for a place. */
  readonly maximumQueued: number;
  readonly observeWait?: (operation: Operation, seconds: number) => void;
}

interface Waiter {
  readonly arrivedAt: number;
  readonly order: number;
  readonly call: CallOptions;
  /** Whether it waits for the account's rate, and not only for a place. */
  readonly paced: boolean;
  start(): void;
  refuse(error: GatewayError): void;
}

/** The calls of one operation that wait, in the order that they came. */
interface Lane {
  readonly operation: Operation;
  readonly bucket: TokenBucket;
  readonly queue: Waiter[];
}

/** Told to clients that find the queue full for want of places: about the time of a call. */
const placeMs = 1000;

/** With less time left than this a call whose turn has come would only spend its token, and end as if upstream were late. */
const answerMs = 250;

const now = () => performance.now();

/**
 * Who may call HealthImaging, and when: a token bucket per operation at the account's rate and a bound on calls under
 * way. A call takes token and place in one step: it holds neither while it waits for the other, so a slow operation
 * keeps no other out, and a rest of the upstream does not let the account's rate be overdrawn.
 */
export class CallQueue {
  private readonly options: CallQueueOptions;
  private readonly lanes = new Map<Operation, Lane>();
  private inFlight = 0;
  private queued = 0;
  private arrivals = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: CallQueueOptions) {
    this.options = options;
  }

  /**
   * Resolves when the call may start, with what gives its place back.
   * @throws {GatewayError} UPSTREAM_THROTTLED when its turn comes too late for its deadline; OVERLOADED when too many wait;
   *   the signal's reason when that is aborted first
   */
  async enter(operation: Operation, call: CallOptions): Promise<() => void> {
    const { signal, progress } = call;
    if (signal.aborted) throw abortError(signal);
    const { maximumInFlight, maximumQueued, observeWait } = this.options;
    const lane = this.laneOf(operation);
    if (lane.queue.length === 0 && this.inFlight < maximumInFlight && lane.bucket.take()) {
      this.inFlight += 1;
      observeWait?.(operation, 0);
      return this.leave;
    }
    const waitMs = lane.bucket.waitMs(lane.queue.length);
    if (waitMs > 0 && comesTooLate(call, waitMs)) throw throttled(waitMs);
    if (this.queued >= maximumQueued) {
      throw new GatewayError('OVERLOADED', { retryAfterMs: Math.max(waitMs, placeMs) });
    }
    if (waitMs > 0 && progress !== undefined) progress.turnAt = Date.now() + waitMs;
    const entered = this.wait(lane, call, waitMs > 0);
    this.startNext();
    return entered;
  }

  /** Upstream throttled a call: the operation slows down. */
  throttled(operation: Operation, retryAfterMs: number | undefined): void {
    this.laneOf(operation).bucket.throttled(retryAfterMs);
    this.startNext();
  }

  private readonly leave = (): void => {
    this.inFlight -= 1;
    this.startNext();
  };

  private laneOf(operation: Operation): Lane {
    const known = this.lanes.get(operation);
    if (known !== undefined) return known;
    const bucket = createTokenBucket(this.options.rates[operation] ?? unlimited, now);
    const lane = { operation, bucket, queue: [] };
    this.lanes.set(operation, lane);
    return lane;
  }

  private wait({ operation, bucket, queue }: Lane, call: CallOptions, paced: boolean): Promise<() => void> {
    const { signal, progress } = call;
    return new Promise((resolve, reject) => {
      const settled = () => {
        signal.removeEventListener('abort', onAbort);
        if (progress !== undefined) progress.turnAt = undefined;
        this.options.observeWait?.(operation, (now() - waiter.arrivedAt) / 1000);
      };
      const onAbort = () => {
        const position = queue.indexOf(waiter);
        const waitMs = bucket.waitMs(position);
        queue.splice(position, 1);
        this.queued -= 1;
        settled();
        this.startNext();
        reject(withdrawal(signal, waitMs));
      };
      const start = () => {
        settled();
        resolve(this.leave);
      };
      const refuse = (error: GatewayError) => {
        settled();
        reject(error);
      };
      const waiter: Waiter = { arrivedAt: now(), order: this.arrivals, call, paced, start, refuse };
      this.arrivals += 1;
      this.queued += 1;
      queue.push(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  private startNext(): void {
    while (this.inFlight < this.options.maximumInFlight) {
      const lane = this.nextLane();
      const waiter = lane?.queue[0];
      if (lane === undefined || waiter === undefined) break;
      const late = waiter.paced && comesTooLate(waiter.call, 0);
      if (!late && !lane.bucket.take()) break;
      lane.queue.shift();
      this.queued -= 1;
      if (late) {
        waiter.refuse(throttled(lane.bucket.waitMs(lane.queue.length)));
      } else {
        this.inFlight += 1;
        waiter.start();
      }
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    // With every place taken, it is the next call to leave that goes on from here.
    if (this.queued === 0 || this.inFlight >= this.options.maximumInFlight) return;
    const waits = this.waitingLanes().map(({ bucket }) => bucket.waitMs(0));
    this.timer = setTimeout(
      () => {
        this.startNext();
      },
      Math.max(Math.min(...waits), 1),
    );
  }

  /** The lane of the longest waiting call whose operation has a token. */
  private nextLane(): Lane | undefined {
    const order = ({ queue }: Lane) => queue[0]?.order ?? 0;
    return this.waitingLanes()
      .filter(({ bucket }) => bucket.waitMs(0) === 0)
      .sort((first, second) => order(first) - order(second))[0];
  }

  private waitingLanes(): Lane[] {
    return [...this.lanes.values()].filter(({ queue }) => queue.length > 0);
  }
}

function comesTooLate({ deadline }: CallOptions, waitMs: number): boolean {
  return deadline !== undefined && Date.now() + waitMs + answerMs > deadline;
}

export function throttled(retryAfterMs: number): GatewayError {
  return new GatewayError('UPSTREAM_THROTTLED', { retryAfterMs: Math.max(Math.ceil(retryAfterMs), 1) });
}

/**
 * At its deadline, a call that still waited for its turn was throttled: nothing upstream was late. One that waited for
 * a place among slow calls was not.
 */
export function withdrawal(signal: AbortSignal, waitMs: number): GatewayError {
  const error = abortError(signal);
  return error.code === 'UPSTREAM_TIMEOUT' && waitMs > 0 ? throttled(waitMs) : error;
}
