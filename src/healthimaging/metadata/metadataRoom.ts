import { GatewayError } from '../../errors.ts';
import { abortError, untilAborted } from '../abort.ts';

export interface MetadataRoomOptions {
  /** Of documents that one request holds at a time, in bytes. */
  readonly requestBytes: number;
  /** Of those that all requests hold together, in bytes. */
  readonly processBytes: number;
}

/** How one document's room depends on who reads it. */
export interface PlaceOptions {
  /** Whether the document itself was asked for, and so is held until the request ends. */
  readonly isKept: () => boolean;
  /** Forgets a document that was only read for its tags. */
  readonly drop: () => void;
}

/** The room of one document. */
export interface MetadataPlace {
  /**
   * Waits until no other document of the request is being read, and may be called again after `free`. Rejects with the
   * signal's error.
   */
  begin(signal: AbortSignal): Promise<void>;
  /**
   * Takes room for so many more bytes; waits while the process has none. Rejects with the signal's error.
   * @throws {GatewayError} UPSTREAM_RESPONSE_TOO_LARGE where the request cannot hold them
   */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** The document has been read; the next one may be. */
  end(): void;
  /** The document is not held any longer, or could not be read. */
  free(): void;
}

/** The room of one request. */
export interface MetadataShare {
  place(options: PlaceOptions): MetadataPlace;
  /** The request has ended: nothing of it is held. */
  close(): void;
}

export interface MetadataRoom {
  share(): MetadataShare;
  heldBytes(): number;
}

interface Waiting {
  readonly share: Share;
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * Bounds the metadata documents that are in memory, for each request and for the process.
 *
 * A document's size is known at its end only, so requests that have read a part could wait for each other without end. Hence
 * all but one leave as much free as a request may hold, and the one that has waited longest may take of that.
 */
export function createMetadataRoom({ requestBytes, processBytes }: MetadataRoomOptions): MetadataRoom {
  const most = Math.min(requestBytes, processBytes);
  const room = new Room(most, processBytes);
  return {
    share: () => new Share(room, most),
    heldBytes: () => room.used,
  };
}

class Room {
  used = 0;
  readonly shares = new Set<Share>();
  readonly #common: number;
  readonly #all: number;
  #waiting: Waiting[] = [];
  /** Who may take what the others leave free. */
  #first: Share | undefined;

  constructor(most: number, all: number) {
    this.#common = all - most;
    this.#all = all;
  }

  async take(share: Share, bytes: number, signal: AbortSignal): Promise<void> {
    if ((this.#waiting.length === 0 || share === this.#first) && this.#admit(share, bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(abortError(signal));
        this.serve();
      };
      const waiting: Waiting = {
        share,
        bytes,
        go() {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      for (const each of this.shares) each.dropSpares();
      this.serve();
    });
  }

  give(share: Share, bytes: number): void {
    this.used -= bytes;
    if (share === this.#first && share.held === 0) this.#first = undefined;
    this.serve();
  }

  /** Lets those go on who have waited longest, as far as there is room. */
  serve(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      this.#first ??= next.share;
      if (!this.#admit(next.share, next.bytes)) return;
      this.#waiting.shift();
      next.go();
    }
  }

  #admit(share: Share, bytes: number): boolean {
    if (this.used + bytes > (share === this.#first ? this.#all : this.#common)) return false;
    this.used += bytes;
    share.held += bytes;
    return true;
  }
}

class Share implements MetadataShare {
  held = 0;
  readonly #room: Room;
  readonly #most: number;
  /** Documents that were only read for their tags, the oldest first, and how each is dropped. */
  readonly #spares = new Set<() => void>();
  readonly #places = new Set<MetadataPlace>();
  /** Until the document before has been read. */
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(room: Room, most: number) {
    this.#room = room;
    this.#most = most;
    room.shares.add(this);
  }

  place({ isKept, drop }: PlaceOptions): MetadataPlace {
    let held = 0;
    let endTurn: (() => void) | undefined;
    const place: MetadataPlace = {
      begin: async (signal) => {
        const before = this.#turn;
        const own = new Promise<void>((resolve) => {
          endTurn = resolve;
        });
        this.#turn = before.then(() => own);
        this.#places.add(place);
        await untilAborted(before, signal);
      },
      take: async (bytes, signal) => {
        for (const dropSpare of this.#spares) {
          if (this.held + bytes <= this.#most) break;
          dropSpare();
        }
        if (this.held + bytes > this.#most) throw new GatewayError('UPSTREAM_RESPONSE_TOO_LARGE');
        await this.#room.take(this, bytes, signal);
        held += bytes;
      },
      end: () => {
        endTurn?.();
        const dropSpare = () => {
          this.#spares.delete(dropSpare);
          if (isKept()) return;
          drop();
          place.free();
        };
        if (this.#isClosed) place.free();
        else if (!isKept()) this.#spares.add(dropSpare);
      },
      free: () => {
        endTurn?.();
        this.#places.delete(place);
        const freed = held;
        held = 0;
        this.held -= freed;
        this.#room.give(this, freed);
      },
    };
    return place;
  }

  dropSpares(): void {
    for (const dropSpare of this.#spares) dropSpare();
  }

  close(): void {
    this.#isClosed = true;
    this.#room.shares.delete(this);
    this.#spares.clear();
    for (const place of this.#places) place.free();
  }
}
