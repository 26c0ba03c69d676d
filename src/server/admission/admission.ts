import { isIPv6 } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { attached } from '../../attached.ts';
import type { Principal } from '../../auth/principal.ts';
import { GatewayError } from '../../errors.ts';
import type { Lifecycle } from '../health/lifecycle.ts';
import { refusalBody, refusalContentType } from '../refusals/refusal.ts';
import { createPlaces } from './places.ts';
import { createWorkTurns } from './workTurns.ts';

/** With bodies of 256 KB that is 256 MB of memory. */
const bodiesAtOnce = 1_000;
/** Each may hold a body and a window of rows in memory. */
const requestsAtOnce = 1_000;

export interface Admission {
  /**
   * Lets the body of a request come; it is given up for those of others.
   * @throws {GatewayError} SHUTTING_DOWN, OVERLOADED
   */
  admitBody(request: FastifyRequest, reply: FastifyReply, principal: Principal): void;
  /**
   * Lets a request be worked on, whose body has come. Resolves the signal that is aborted when it is given up for others.
   * @throws {GatewayError} OVERLOADED
   */
  admitWork(request: FastifyRequest, principal: Principal): AbortSignal;
  /**
   * Waits until the work for a request that was admitted may begin.
   * @throws {GatewayError} OVERLOADED, REQUEST_CANCELLED
   */
  awaitTurn(request: FastifyRequest, reply: FastifyReply, principal: Principal): Promise<void>;
  /** The answer is there: whoever takes their time to read it holds no place meanwhile. */
  endWork(request: FastifyRequest): void;
}

/** Who may send a body, and who may be worked for, shared among principals and, without authentication, addresses. */
export function createAdmission(lifecycle: Lifecycle): Admission {
  const bodies = createPlaces(bodiesAtOnce);
  const work = createPlaces(requestsAtOnce);
  const bodyEnds = attached<FastifyRequest, () => void>();
  const workEnds = attached<FastifyRequest, () => void>();
  const givenUp = new WeakSet<FastifyRequest>();
  const turns = createWorkTurns();
  return {
    admitBody(request, reply, principal) {
      const leave = lifecycle.enter();
      if (typeof leave === 'string') throw new GatewayError(leave);
      reply.raw.once('close', leave);
      const end = bodies.take(callerOf(request, principal), () => giveUp(request, reply));
      if (end === undefined) {
        throw new GatewayError('OVERLOADED');
      }
      bodyEnds.set(request, end);
      reply.raw.once('close', () => {
        end();
        workEnds.get(request)?.();
      });
    },
    admitWork(request, principal) {
      bodyEnds.get(request)?.();
      const controller = new AbortController();
      const end = work.take(callerOf(request, principal), () => {
        givenUp.add(request);
        controller.abort(new GatewayError('OVERLOADED'));
      });
      if (end === undefined) throw new GatewayError('OVERLOADED');
      workEnds.set(request, end);
      return controller.signal;
    },
    async awaitTurn(request, reply, principal) {
      await turns.wait(callerOf(request, principal));
      // It may have been given up, or left, meanwhile.
      if (reply.raw.closed) throw new GatewayError('REQUEST_CANCELLED');
      if (givenUp.has(request)) throw new GatewayError('OVERLOADED');
    },
    endWork: (request) => workEnds.get(request)?.(),
  };
}

/** An address with whoever it is assigned to: of IPv6, networks of 64 bits are. */
function callerOf({ ip }: FastifyRequest, { id }: Principal): string {
  if (id !== '') return `principal ${id}`;
  return `address ${isIPv6(ip) ? networkOf(ip) : ip}`;
}

function networkOf(address: string): string {
  const [start = '', end] = address.split('::');
  const groups = start.split(':').filter((group) => group !== '');
  if (end === undefined) return groups.slice(0, 4).join(':');
  const after = end.split(':').filter((group) => group !== '');
  const zeros = Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}

/** Answers a request whose body is still coming, and hangs up. */
function giveUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  if (raw.headersSent || raw.destroyed) return;
  const body = JSON.stringify(refusalBody(new GatewayError('OVERLOADED'), request.id));
  raw.writeHead(503, {
    'content-type': refusalContentType,
    'content-length': Buffer.byteLength(body),
    'retry-after': '1',
    'x-request-id': request.id,
    'cache-control': 'no-store',
    connection: 'close',
  });
  raw.end(body, () => request.raw.destroy());
}
