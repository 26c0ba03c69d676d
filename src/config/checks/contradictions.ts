import { isLoopback } from '../../loopback.ts';
import type { Config } from '../tables.ts';

interface Contradiction {
  /** The setting to change, and those that it does not go with. */
  readonly names: readonly [string, ...string[]];
  readonly when: boolean;
  readonly expected: string;
}

/** Settings that are fine each by itself, and unsafe or useless together. */
export function contradictions({ auth, http, safelist }: Config): Contradiction[] {
  const hasIssuer = auth.issuer !== undefined;
  const ofTokens = [auth.audiences, auth.jwksUrl, auth.tenantClaim, auth.datastoresClaim];
  return [
    {
      names: ['HOST', 'AUTH', 'AUTH_ISSUER'],
      when: !isLoopback(http.host) && auth.mode === undefined && !hasIssuer,
      expected: 'a loopback address, since no authentication is configured (AUTH_ISSUER, or AUTH=none)',
    },
    {
      names: ['AUTH', 'AUTH_ISSUER'],
      when: auth.mode === 'none' && hasIssuer,
      expected: 'it unset, since AUTH_ISSUER is set',
    },
    {
      names: ['AUTH_AUDIENCE', 'AUTH_ISSUER'],
      when: hasIssuer && auth.audiences === undefined,
      expected: 'the audience of this graph, since AUTH_ISSUER is set',
    },
    {
      names: ['AUTH_ISSUER'],
      when: !hasIssuer && ofTokens.some((value) => value !== undefined),
      expected: 'the issuer, since other settings of its tokens are set',
    },
    {
      names: ['SAFELIST_MANIFEST', 'SAFELIST_MODE'],
      when: safelist.mode !== 'off' && safelist.manifest === undefined,
      expected: 'a file, since SAFELIST_MODE is set',
    },
  ];
}
