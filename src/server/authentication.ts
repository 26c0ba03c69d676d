import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Authenticate } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from './metrics.ts';

export interface AuthenticationOptions {
  /** Undefined: everybody is `anonymous`. */
  readonly authenticate: Authenticate | undefined;
  readonly anonymous: Principal;
  readonly metrics: Pick<Metrics, 'countAuthentication'>;
  readonly log: Pick<Log, 'debug'>;
}

export interface Authentication {
  /**
   * Finds who asks, before anything else of the request is looked at.
   * @throws {GatewayError} UNAUTHENTICATED, with the challenge set on the reply; AUTHENTICATION_UNAVAILABLE
   */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Who asks, once `check` has passed. */
  principalOf(request: FastifyRequest): Principal;
}

// RFC 6750, section 3: no error where no token came, and never more of one than that it is not valid.
const challenge = 'Bearer realm="healthimaging-graphql"';
const challengeOfInvalid = `${challenge}, error="invalid_token", error_description="The access token is not valid for this graph"`;

/** Bearer tokens of the Authorization header, the only place where one is looked for. */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { authenticate, anonymous, metrics, log } = options;
  const principals = new WeakMap<FastifyRequest, Principal>();

  function refuse(request: FastifyRequest, reply: FastifyReply, reason: string): GatewayError {
    metrics.countAuthentication(reason);
    log.debug({ requestId: request.id, reason }, 'not authenticated');
    void reply.header('www-authenticate', reason === 'no_token' ? challenge : challengeOfInvalid);
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
      // Never the anonymous one: a route that forgot to check must not be open.
      if (principal === undefined) throw new GatewayError('UNAUTHENTICATED');
      return principal;
    },
  };
}

/** RFC 9110, section 11.4: the scheme's case does not matter. Two headers are two answers to who asks: none. */
function bearerToken(values: readonly string[]): { readonly token: string } | { readonly reason: string } {
  const [value, ...more] = values;
  if (value === undefined) return { reason: 'no_token' };
  if (more.length > 0) return { reason: 'several_headers' };
  const [, scheme = '', token = ''] = /^([^ ]*) *(.*)$/s.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'bearer' || token === '') return { reason: 'no_token' };
  return { token };
}
