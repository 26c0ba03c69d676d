import type { Socket } from 'node:net';

import {
  after,
  respond,
  close,
  cut,
  drip,
  exception,
  hang,
  json,
  raw,
  reset,
  resetAfter,
  stall,
  type Fault,
} from './faultServer.ts';
import { wireDatastore, wirePage } from './wireSummaries.ts';

const page = JSON.stringify(wirePage(20));

const faults: readonly Fault[] = [
  exception(500, 'InternalServerException'),
  respond(502, '<html>Bad Gateway</html>'),
  exception(503, 'ServiceUnavailableException'),
  respond(504),
  exception(429, 'ThrottlingException', { 'retry-after': '0' }),
  exception(400, 'ValidationException'),
  exception(403, 'AccessDeniedException'),
  exception(403, 'ExpiredTokenException'),
  exception(404, 'ResourceNotFoundException'),
  exception(409, 'ConflictException'),
  respond(302, '', { location: 'http://127.0.0.1:9/' }),
  reset,
  resetAfter('HTTP/1.1 200 OK\r\ncontent-le'),
  close,
  hang,
  stall(page),
  drip(page, 50),
  cut(page),
  raw('SSH-2.0-OpenSSH_9.6\r\n'),
  raw(`HTTP/1.1 200 OK\r\nx-filler: ${'a'.repeat(40_000)}\r\n\r\n{}`),
  respond(200),
  respond(200, '<html></html>', { 'content-type': 'text/html' }),
  respond(200, page.slice(0, -40)),
  json({ imageSetsMetadataSummaries: [{ imageSetId: 7 }] }),
  json(wirePage(20, 'the same token again')),
  json(wirePage(0, 'no rows')),
];

/** Numbers from 0 to 1, determined by the seed: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RandomUpstream {
  readonly fault: Fault;
  /** Calls that went wrong, and all of them. */
  readonly counts: { wrong: number; all: number };
  /** Closes the idle connections. */
  readonly hangUp: () => void;
}

/** Responds as fast as a fast HealthImaging; a share of the calls fails in one way or another. */
export function randomUpstream(share: number, random: () => number): RandomUpstream {
  const counts = { wrong: 0, all: 0 };
  const sockets = new Set<Socket>();
  const search = (later: boolean) => json(later ? wirePage(20, null, 50) : wirePage(50, 'second page'));
  return {
    counts,
    hangUp() {
      for (const socket of sockets) socket.end();
    },
    fault(socket, request) {
      if (!sockets.has(socket)) socket.once('close', () => sockets.delete(socket));
      sockets.add(socket);
      counts.all += 1;
      const wrong = random() < share ? faults[Math.floor(random() * faults.length)] : undefined;
      if (wrong !== undefined) {
        counts.wrong += 1;
        return wrong(socket, request);
      }
      const right = request.path.includes('searchImageSets')
        ? search(request.queryNames.includes('nextToken'))
        : json(wireDatastore);
      return after(5 + random() * 40, right)(socket, request);
    },
  };
}
