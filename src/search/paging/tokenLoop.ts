import { hash } from 'node:crypto';

import { GatewayError } from '../../errors.ts';
import type { Trail } from '../cursor/position.ts';

export const startOfTrail: Trail = { followed: 0, mark: '' };

/**
 * The trail after following one more token. Throws UPSTREAM_PROTOCOL_ERROR when the token was seen before.
 *
 * Brent's algorithm (R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980): each token is compared
 * with the one at the last power of two. A chain that enters a circle of `n` tokens after `m` is found out before
 * 3 max(m, n) tokens, over however many windows they are spread. A chain without a circle is refused only where 8 bytes
 * of SHA-256 collide: with a probability of 2^-64 for each token followed.
 */
export function followToken({ followed, mark }: Trail, token: string): Trail {
  const digest = hash('sha256', token, 'hex').slice(0, 16);
  if (digest === mark) throw repeatedToken();
  const count = followed + 1;
  return { followed: count, mark: isPowerOfTwo(count) ? digest : mark };
}

/** No retry mends it: the walk would go in a circle for ever. */
export function repeatedToken(): GatewayError {
  return new GatewayError('UPSTREAM_PROTOCOL_ERROR', {
    retryable: false,
    message:
      'HealthImaging gave a page token that it had given before in this search, so its pages have no end.',
  });
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
