import type { ValueOf } from '../setting.ts';
import { settings, tables, type Config, type Environment } from '../tables.ts';

/** Settings that are set, but have no effect, since one that they depend on is off or missing: a sentence for each. */
export function settingsWithoutEffect(environment: Environment, config: Config): string[] {
  const valueOf = valuesOf(config);
  return settings
    .filter(({ name }) => (environment[name] ?? '') !== '')
    .flatMap(({ name, needs }) => {
      const reason = needs?.(valueOf);
      return reason === undefined ? [] : [`${name} has no effect: ${reason}.`];
    });
}

/** For a setting's traits, which ask for other settings by name. */
export function valuesOf(config: Config): ValueOf {
  const values = valuesByName(config);
  return (name) => {
    if (!values.has(name)) throw new RangeError(`expected a setting, but found ${name}`);
    return values.get(name);
  };
}

export function valuesByName(config: Config): ReadonlyMap<string, unknown> {
  const rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>> = config;
  return new Map(
    Object.entries(tables).flatMap(([room, table]) =>
      Object.entries(table).map(([key, { name }]) => [name, rooms[room]?.[key]] as const),
    ),
  );
}
