import { auditSettings } from './audit.ts';
import { authSettings } from './auth.ts';
import { callBurstSettings, callRateSettings } from './callRates.ts';
import { contradictions } from './contradictions.ts';
import { httpSettings } from './http.ts';
import { limitSettings } from './limits.ts';
import type { Parsed } from './parsers.ts';
import { processSettings } from './process.ts';
import { safelistSettings } from './safelist.ts';
import type { Setting, Values } from './setting.ts';
import { upstreamSettings } from './upstream.ts';

/** A table of settings for each room that has any; `Config` has the same rooms. */
const tables = {
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

/** Every fault of the settings at once. Its message names settings and what is expected, never what was set. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; an empty one counts as unset.
 * @throws {ConfigError} naming every setting that cannot be used
 */
export function loadConfig(environment: Environment): Config {
  const faults = new Map<string, string>();
  const valueOf = ({ name, parse, fallback }: Setting<unknown, unknown>): unknown => {
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    const parsed: Parsed<unknown> = parse(text);
    if ('value' in parsed) return parsed.value;
    faults.set(name, `${name}: expected ${parsed.expected}.`);
    return fallback;
  };
  // The tables make the entries a Config: the same rooms and names, each value of its parser's type.
  const config = mapValues(tables, (table) => mapValues(table, valueOf)) as Config;
  for (const { names, when, expected } of contradictions(config)) {
    // What could not be read is named already, and says nothing of the others.
    if (when && !names.some((name) => faults.has(name)))
      faults.set(names[0], `${names[0]}: expected ${expected}.`);
  }
  if (faults.size > 0) throw new ConfigError([...faults.values()]);
  return config;
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** What a developer wants and production does not, unless it is set. */
export function isOn({ process }: Config, setting: 'on' | 'off' | undefined): boolean {
  return setting === undefined ? process.environment !== 'production' : setting === 'on';
}
