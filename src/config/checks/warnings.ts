import { ConfigError } from '../config.ts';
import type { Config, Environment } from '../tables.ts';
import { implausibleSettings } from './implausible.ts';
import { misspeltSettings } from './misspelt.ts';
import { settingsWithoutEffect } from './withoutEffect.ts';

/** Settings that the gateway can start with, and that cannot be meant: a sentence for each. No value is quoted. */
export function settingWarnings(environment: Environment, config: Config): string[] {
  return [
    ...misspeltSettings(environment),
    ...settingsWithoutEffect(environment, config),
    ...implausibleSettings(config),
  ];
}

/**
 * @param warn writes one of them
 * @throws {ConfigError} with all of them instead, where SETTINGS is `strict`
 */
export function warnOrRefuse(
  warnings: readonly string[],
  { process }: Config,
  warn: (warning: string) => void,
): void {
  if (process.settings === 'strict' && warnings.length > 0) throw new ConfigError(warnings);
  for (const warning of warnings) warn(warning);
}
