import type { FastifyReply, FastifyRequest } from 'fastify';

import { attached } from '../attached.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { bearerChallenge } from '../auth/bearerChallenge.ts';
import type { Principal } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from './metrics.ts';

export interface AuthenticationOptions {
  /** Undefined: every request is `anonymous`. */
  readonly authenticate: Authenticate | undefined;
  readonly anonymous: Principal;
  readonly metrics: Pick<Metrics, 'countAuthentication'>;
  readonly log: Pick<Log, 'debug'>;
}

export interface Authentication {
  /**
   * Authenticates a request by its headers alone.
   * @throws {GatewayError} UNAUTHENTICATED, with the challenge set on the reply, or AUTHENTICATION_UNAVAILABLE
   */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** The principal of a request that `check` has accepted. */
  principalOf(request: FastifyRequest): Principal;
}

/** By the access token of the Authorization header; one anywhere else in a request is not used. */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { authenticate, anonymous, metrics, log } = options;
  const principals = attached<FastifyRequest, Principal>();

  function refuse(request: FastifyRequest, reply: FastifyReply, reason: string): GatewayError {
    metrics.countAuthentication(reason);
    log.debug({ requestId: request.id, reason }, 'a request was not authenticated');
    const { missing, invalid } = bearerChallenge;
    void reply.header('www-authenticate', reason === 'no_token' ? missing : invalid);
    return new GatewayError('UNAUTHENTICATED');
  }

  return {
    async check(request, reply) {
      if (authenticate === undefined) {
        principals.set(request, anonymous);
        return;
      }
      const bearer = bearerToken(request.raw.headersDistinct['authorization'] ?? []);
      if ('reason' in bearer) throw refuse(request, reply, bearer.reason);
      const outcome = await authenticate(bearer.token).catch((error: unknown) => {
        metrics.countAuthentication(error instanceof GatewayError ? 'no_keys' : 'internal_error');
        throw error;
      });
      if ('reason' in outcome) throw refuse(request, reply, outcome.reason);
      metrics.countAuthentication('accepted');
      principals.set(request, outcome.principal);
    },
    principalOf(request) {
      const principal = principals.get(request);
      // Not the anonymous one: a route that forgets to check must not be open.
      if (principal === undefined) throw new GatewayError('UNAUTHENTICATED');
      return principal;
    },
  };
}

/** RFC 9110, section 11.4: the scheme is case-insensitive. Two headers could name two principals, so neither is used. */
function bearerToken(values: readonly string[]): { readonly token: string } | { readonly reason: string } {
  const [value, ...more] = values;
  if (value === undefined) return { reason: 'no_token' };
  if (more.length > 0) return { reason: 'several_headers' };
  const [, scheme = '', token = ''] = /^([^ ]*) *(.*)$/s.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'bearer' || token === '') return { reason: 'no_token' };
  return { token };
}
