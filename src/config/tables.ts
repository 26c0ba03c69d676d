import { auditSettings } from './audit.ts';
import { authSettings } from './auth.ts';
import { callBurstSettings, callRateSettings } from './callRates.ts';
import { httpSettings } from './http.ts';
import { limitSettings } from './limits.ts';
import { processSettings } from './process.ts';
import { safelistSettings } from './safelist.ts';
import type { Setting, Values } from './setting.ts';
import { upstreamSettings } from './upstream.ts';

/** A table of settings for each room that has any; `Config` has the same rooms. */
export const tables = {
  http: httpSettings,
  upstream: upstreamSettings,
  callRates: callRateSettings,
  callBursts: callBurstSettings,
  auth: authSettings,
  audit: auditSettings,
  limits: limitSettings,
  safelist: safelistSettings,
  process: processSettings,
} as const;

type Tables = typeof tables;

export type Config = { readonly [Room in keyof Tables]: Values<Tables[Room]> };

/** Every setting that is read from the environment, in the order of docs/settings.md. */
export const settings: readonly Setting<unknown, unknown>[] = Object.values(tables).flatMap((table) =>
  Object.values<Setting<unknown, unknown>>(table),
);

export type Environment = Readonly<Record<string, string | undefined>>;
