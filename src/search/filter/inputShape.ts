import { badUserInput, type GatewayError } from '../../errors.ts';

/**
 * Reads one field of the input. Execution has coerced it to the schema's types, but not every executor checks oneOf input
 * objects (graphql-jit does not in variables), so each reader checks what it is given.
 * @param path the field, in names of the schema
 */
export type Read<Result> = (value: unknown, path: string) => Result;

/** Reads a oneOf input object of GraphQL: exactly one field is given, and is not null. */
export function oneOf<Name extends string, Result>(
  fields: Readonly<Record<Name, Read<Result>>>,
): Read<Result> {
  const readers = new Map<string, Read<Result>>(Object.entries(fields));
  const names = [...readers.keys()].join(', ');
  const expected = `${readers.size === 1 ? 'the field' : 'exactly one of'} ${names}, and not null`;
  return (value, path) => {
    const [given, ...others] = givenFields(value) ?? [];
    const [name = '', member] = given ?? [];
    const read = readers.get(name);
    if (read === undefined || member === null || others.length > 0) throw badUserInput(path, expected);
    return read(member, `${path}.${name}`);
  };
}

/** The fields of an object that has no fields but these. */
export function fieldsOf<Name extends string>(
  value: unknown,
  path: string,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  const fields = givenFields(value);
  if (!fields?.every(([name]) => names.some((known) => known === name))) {
    throw badUserInput(path, `an object of ${names.join(', ')}`);
  }
  return Object.fromEntries(fields) as Partial<Record<Name, unknown>>;
}

/** Reads text by a parser that returns undefined for what it does not take. */
export function parsed(parse: (text: string) => string | undefined, expected: string): Read<string> {
  return (value, path) => {
    const result = typeof value === 'string' ? parse(value) : undefined;
    if (result === undefined) throw badUserInput(path, expected);
    return result;
  };
}

/** The refusal of a range whose bounds are reversed. */
export function reversed(path: string): GatewayError {
  return badUserInput(path, 'a range whose `from` is not after its `to`');
}

export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function givenFields(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
