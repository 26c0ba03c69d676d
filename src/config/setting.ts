import type { Parser } from './parsers.ts';

/** The value of another setting, by its name. */
export type ValueOf = (name: string) => unknown;

/** Why a setting has no effect, by the values of the settings that it depends on; undefined where it has one. */
export type Need = (valueOf: ValueOf) => string | undefined;

interface Traits {
  /** Not to be shown to anyone, the operator's terminal included. */
  readonly secret?: boolean;
  readonly needs?: Need;
  /** What is in force while the setting is unset, where other settings decide that; undefined where `shown` says it. */
  readonly inForce?: (valueOf: ValueOf) => string | undefined;
}

export interface Setting<Value, Fallback> extends Traits {
  readonly name: string;
  readonly parse: Parser<Value>;
  readonly fallback: Fallback;
  /** For `config` and docs/settings.md: the default in words, and what it means. */
  readonly shown: string;
  readonly meaning: string;
}

export function setting<Value, const Fallback extends Value | undefined>(
  name: string,
  parse: Parser<Value>,
  fallback: Fallback,
  [shown, meaning]: readonly [shown: string, meaning: string],
  traits: Traits = {},
): Setting<Value, Fallback> {
  return { name, parse, fallback, shown, meaning, ...traits };
}

/** Of settings that only have an effect beside another one. */
export function needsSetting(name: string): Need {
  return (valueOf) => (valueOf(name) === undefined ? `${name} is not set` : undefined);
}

/** What a table of settings has been set to. */
export type Values<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value, infer Fallback>
    ? Value | Fallback
    : never;
};
