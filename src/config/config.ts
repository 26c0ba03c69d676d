import { contradictions } from './checks/contradictions.ts';
import { misspeltSettings } from './checks/misspelt.ts';
import { onExceptInProduction } from './http.ts';
import type { Parsed } from './parsers.ts';
import type { Setting } from './setting.ts';
import { tables, type Config, type Environment } from './tables.ts';

export { settings, type Config, type Environment } from './tables.ts';

/** Every fault of the settings at once. Its message names settings and what is expected, never what was set. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

interface SettingsRead {
  /** With the default in place of what cannot be used. */
  readonly config: Config;
  /** Names of the settings that cannot be used. */
  readonly faulty: ReadonlySet<string>;
  readonly error?: ConfigError;
}

/** Reads the settings; an empty one counts as unset. */
export function readSettings(environment: Environment): SettingsRead {
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
  const faulty = new Set(faults.keys());
  if (faults.size === 0) return { config, faulty };
  // What is missing may be there under another name.
  return { config, faulty, error: new ConfigError([...faults.values(), ...misspeltSettings(environment)]) };
}

/** @throws {ConfigError} naming every setting that cannot be used */
export function loadConfig(environment: Environment): Config {
  const { config, error } = readSettings(environment);
  if (error !== undefined) throw error;
  return config;
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** Whether something is on that is so by default except in production. */
export function isOn({ process }: Config, setting: 'on' | 'off' | undefined): boolean {
  return (setting ?? onExceptInProduction(process.environment)) === 'on';
}
