import { ServiceError } from '../serviceError.ts';
import type { ListShape, MapShape, Shape, StringShape, StructureShape } from './constraints.ts';
import { joinPath } from './deserialize.ts';

/**
 * Checks a deserialized value against all constraints of its shape. The message has the service's own sentences, but always in the
 * form without the value, which AWS uses for sensitive members only.
 * @throws {ServiceError} ValidationException
 */
export function validate(shape: StructureShape, value: Readonly<Record<string, unknown>>): void {
  const violations = structureViolations(shape, value, '');
  if (violations.length > 0) throw validationError(violations);
}

export interface Violation {
  /** Of the member, in AWS's notation: `searchCriteria.filters.1.member.operator`. */
  readonly path: string;
  readonly constraint: string;
}

export function validationError(violations: readonly Violation[]): ServiceError {
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  const sentences = violations.map(
    ({ path, constraint }) => `Value at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  return new ServiceError('ValidationException', `${count} detected: ${sentences.join('; ')}`);
}

function violationsOf(shape: Shape, value: unknown, path: string): Violation[] {
  if (shape.type === 'string' && typeof value === 'string') return stringViolations(shape, value, path);
  if (shape.type === 'blob' && typeof value === 'string')
    return boundViolations(shape, Buffer.byteLength(value, 'base64'), path, 'length');
  if (shape.type === 'list' && Array.isArray(value)) return listViolations(shape, value, path);
  if (shape.type === 'integer' && typeof value === 'number')
    return boundViolations(shape, value, path, 'value');
  if (shape.type === 'map' && isStructure(value)) return mapViolations(shape, value, path);
  if (shape.type === 'structure' && isStructure(value)) return structureViolations(shape, value, path);
  return [];
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function structureViolations(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Violation[] {
  const names = Object.keys(value);
  const missing = (shape.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: joinPath(path, name), constraint: 'Member must not be null' }));
  const union =
    shape.union === true && names.length !== 1
      ? [
          {
            path,
            constraint: `Member must have exactly one member of [${Object.keys(shape.members).join(', ')}]`,
          },
        ]
      : [];
  const below = names.flatMap((name) => {
    const member = shape.members[name];
    return member === undefined ? [] : violationsOf(member, value[name], joinPath(path, name));
  });
  return [...missing, ...union, ...below];
}

function listViolations(shape: ListShape, value: readonly unknown[], path: string): Violation[] {
  return [
    ...boundViolations(shape, value.length, path, 'length'),
    ...value.flatMap((item, index) => violationsOf(shape.member, item, `${path}.${index + 1}.member`)),
  ];
}

/** AWS names all constraints on a map's keys, or values, when one is not met, and the map rather than the entry. */
function mapViolations(
  { key, value }: MapShape,
  entries: Readonly<Record<string, unknown>>,
  path: string,
): Violation[] {
  const wrong = (shape: StringShape, texts: readonly unknown[]) =>
    texts.some((text) => violationsOf(shape, text, path).length > 0);
  return [
    ...(wrong(key, Object.keys(entries))
      ? [{ path, constraint: `Map keys must satisfy constraint: [${constraintsOf(key)}]` }]
      : []),
    ...(wrong(value, Object.values(entries))
      ? [{ path, constraint: `Map value must satisfy constraint: [${constraintsOf(value)}]` }]
      : []),
  ];
}

function constraintsOf({ min, max, pattern }: StringShape): string {
  return [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
  ].join(', ');
}

function stringViolations(shape: StringShape, value: string, path: string): Violation[] {
  const { pattern, enum: names } = shape;
  // Smithy counts Unicode scalar values, not UTF-16 units.
  const violations = boundViolations(shape, Array.from(value).length, path, 'length');
  if (names !== undefined && !names.includes(value)) {
    violations.push({ path, constraint: `Member must satisfy enum value set: [${names.join(', ')}]` });
  }
  if (pattern !== undefined && !expressionOf(pattern).test(value)) {
    violations.push({ path, constraint: `Member must satisfy regular expression pattern: ${pattern}` });
  }
  return violations;
}

function boundViolations(
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number },
  measure: number,
  path: string,
  word: 'value' | 'length',
): Violation[] {
  if (measure < min)
    return [{ path, constraint: `Member must have ${word} greater than or equal to ${min}` }];
  if (measure > max) return [{ path, constraint: `Member must have ${word} less than or equal to ${max}` }];
  return [];
}

/** Patterns of the model that take exponential time where they do not match, with others that match the same texts. */
const equivalents: Readonly<Record<string, string>> = {
  '[a-zA-Z0-9!-~]+([a-zA-Z0-9!-~ ]*[a-zA-Z0-9!-~]+)*': '[!-~]([!-~ ]*[!-~])?',
};

const expressions = new Map<string, RegExp>();

/** The service matches a pattern against the whole value. */
function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${equivalents[pattern] ?? pattern})$`, 'u');
    expressions.set(pattern, expression);
  }
  return expression;
}
