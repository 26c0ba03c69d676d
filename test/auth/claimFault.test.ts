import { describe, expect, test } from '@jest/globals';

import { claimFault } from '../../src/auth/claimFault.ts';

describe('claims whose signature is valid', () => {
  const now = 1_000_000_999;
  const skew = 30;
  const fault = (claims: Readonly<Record<string, unknown>>) => claimFault(claims, now, skew);
  const latest = 253_402_300_799;

  test.each(['exp', 'nbf', 'iat'])('%s is a time that can be written', (name) => {
    const faults = [latest + 1, -latest - 1, Infinity, -Infinity, '7', null, [7]].map((value) =>
      fault({ [name]: value }),
    );
    expect(faults).toEqual(faults.map(() => 'times'));
  });

  test('times may be at either limit, or absent', () => {
    expect([fault({ exp: latest, nbf: -latest, iat: -latest }), fault({})]).toEqual([undefined, undefined]);
  });

  test('are not issued in the future, beyond the clock skew in whole seconds', () => {
    expect([fault({ iat: 1_000_030 }), fault({ iat: 1_000_031 })]).toEqual([undefined, 'not_yet_valid']);
  });

  test.each<Readonly<Record<string, unknown>>>([
    { at_hash: 'x' },
    { c_hash: undefined },
    { s_hash: 'x' },
    { events: {} },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { typ: 'Offline' },
    { typ: 'Logout' },
    { token_use: 'id' },
    { token_use: null },
  ])('%j is of another kind of token', (claims) => {
    expect(fault(claims)).toBe('other_kind');
  });

  test('of an access token are accepted', () => {
    expect(fault({ token_use: 'access', typ: 'Bearer' })).toBeUndefined();
  });

  test('that bind the token to a key are refused', () => {
    expect([fault({ cnf: { jkt: 'x' } }), fault({ cnf: null })]).toEqual(['bound', 'bound']);
  });
});
