import type { Parser } from './parsers.ts';

export interface Setting<Value, Fallback> {
  readonly name: string;
  readonly parse: Parser<Value>;
  readonly fallback: Fallback;
  /** For `--help` and docs/settings.md: the default in words, and what it means. */
  readonly shown: string;
  readonly meaning: string;
}

export function setting<Value, const Fallback extends Value | undefined>(
  name: string,
  parse: Parser<Value>,
  fallback: Fallback,
  [shown, meaning]: readonly [shown: string, meaning: string],
): Setting<Value, Fallback> {
  return { name, parse, fallback, shown, meaning };
}

/** What a table of settings has been set to. */
export type Values<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value, infer Fallback>
    ? Value | Fallback
    : never;
};
