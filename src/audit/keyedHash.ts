import { hmacHex, hmacKey } from '../hmac.ts';

/** Equal for equal values, without revealing them: only a holder of the key can look for a known value. */
export type KeyedHash = (name: string, value: string) => string;

/**
 * HMAC-SHA256 of a name and a value in its canonical form.
 * @param key 32 bytes
 */
export function createKeyedHash(key: Buffer): KeyedHash {
  const ownKey = hmacKey(key);
  return (name, value) => hmacHex(ownKey, Buffer.from(JSON.stringify([name, value])));
}
