import { createHmac } from 'node:crypto';

/** Equal for equal values, without revealing them: only a holder of the key can look for a known value. */
export type KeyedHash = (name: string, value: string) => string;

/**
 * HMAC-SHA256 of a name and a value in its canonical form.
 * @param key 32 bytes
 */
export function createKeyedHash(key: Buffer): KeyedHash {
  return (name, value) =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, value]))
      .digest('hex');
}
