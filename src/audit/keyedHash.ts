import { createHmac } from 'node:crypto';

/** Tells equal values without telling them: only who has the key can look for a known value. */
export type KeyedHash = (name: string, value: string) => string;

/**
 * HMAC-SHA256 of a value in its one form, by the name of what it is a value of.
 * @param key 32 bytes
 */
export function createKeyedHash(key: Buffer): KeyedHash {
  return (name, value) =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, value]))
      .digest('hex');
}
