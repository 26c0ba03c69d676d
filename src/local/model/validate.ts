import type { ListShape, Shape, StringShape, StructureShape } from './constraints.ts';
import { joinPath } from './deserialize.ts';
import { ServiceError } from '../serviceError.ts';

/**
 * Holds a deserialized value against its shape's constraints, all of them, and says what fails in the service's own sentences,
 * but always in the form without the value, which AWS keeps for sensitive members only.
 * @throws {ServiceError} ValidationException
 */
export function validate(shape: StructureShape, value: Readonly<Record<string, unknown>>): void {
  const faults = structureFaults(shape, value, '');
  if (faults.length > 0) throw validationError(faults);
}

export interface Fault {
  /** Of the member, as AWS writes it: `searchCriteria.filters.1.member.operator`. */
  readonly path: string;
  readonly constraint: string;
}

export function validationError(faults: readonly Fault[]): ServiceError {
  const count = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`;
  const sentences = faults.map(
    ({ path, constraint }) => `Value at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  return new ServiceError('ValidationException', `${count} detected: ${sentences.join('; ')}`);
}

function faultsOf(shape: Shape, value: unknown, path: string): Fault[] {
  if (shape.type === 'string' && typeof value === 'string') return stringFaults(shape, value, path);
  if (shape.type === 'list' && Array.isArray(value)) return listFaults(shape, value, path);
  if (shape.type === 'integer' && typeof value === 'number') return boundFaults(shape, value, path, 'value');
  if (shape.type === 'structure' && isStructure(value)) return structureFaults(shape, value, path);
  return [];
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function structureFaults(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Fault[] {
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
    return member === undefined ? [] : faultsOf(member, value[name], joinPath(path, name));
  });
  return [...missing, ...union, ...below];
}

function listFaults(shape: ListShape, value: readonly unknown[], path: string): Fault[] {
  return [
    ...boundFaults(shape, value.length, path, 'length'),
    ...value.flatMap((item, index) => faultsOf(shape.member, item, `${path}.${index + 1}.member`)),
  ];
}

function stringFaults(shape: StringShape, value: string, path: string): Fault[] {
  const { pattern, enum: names } = shape;
  // Smithy counts Unicode scalar values.
  const faults = boundFaults(shape, Array.from(value).length, path, 'length');
  if (names !== undefined && !names.includes(value)) {
    faults.push({ path, constraint: `Member must satisfy enum value set: [${names.join(', ')}]` });
  }
  if (pattern !== undefined && !expressionOf(pattern).test(value)) {
    faults.push({ path, constraint: `Member must satisfy regular expression pattern: ${pattern}` });
  }
  return faults;
}

function boundFaults(
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number },
  measure: number,
  path: string,
  word: 'value' | 'length',
): Fault[] {
  if (measure < min)
    return [{ path, constraint: `Member must have ${word} greater than or equal to ${min}` }];
  if (measure > max) return [{ path, constraint: `Member must have ${word} less than or equal to ${max}` }];
  return [];
}

const expressions = new Map<string, RegExp>();

/** The model's patterns hold for the whole value. */
function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, 'u');
    expressions.set(pattern, expression);
  }
  return expression;
}
