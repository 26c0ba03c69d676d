import { hash } from 'node:crypto';

import { GatewayError } from '../../errors.ts';
import type { LoopCheck } from '../cursor/position.ts';

/** HealthImaging's next tokens form a loop, so its pages never end. Not retryable: a retry would follow the same loop. */
export class TokenLoopError extends GatewayError {
  constructor() {
    super('UPSTREAM_PROTOCOL_ERROR', {
      retryable: false,
      message: 'HealthImaging returned a next token for the second time, so its pages never end.',
    });
  }
}

export const startOfLoopCheck: LoopCheck = { followed: 0, mark: '' };

/**
 * The check after following one more next token. Throws a TokenLoopError when the token closes a loop.
 *
 * Brent's algorithm (R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980): each token is compared
 * with the one at the last power of two. A loop of `n` tokens that starts after `m` is found within 3 max(m, n) tokens,
 * over however many windows they are spread. A chain without a loop is refused only where 8 bytes of SHA-256 collide: with
 * a probability of 2^-64 for each token followed.
 */
export function followToken({ followed, mark }: LoopCheck, token: string): LoopCheck {
  const digest = hash('sha256', token, 'hex').slice(0, 16);
  if (digest === mark) throw new TokenLoopError();
  const count = followed + 1;
  return { followed: count, mark: isPowerOfTwo(count) ? digest : mark };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
