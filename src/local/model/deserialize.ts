import { ServiceError } from '../serviceError.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './constraints.ts';

/**
 * Reads a JSON value as a shape. As AWS does, it drops members that are null and those that the shape does not have.
 * Timestamps stay numbers: seconds since 1970, with a fraction.
 * @param path of the value in the input, for error messages; '' for the input itself
 * @throws {ServiceError} SerializationException for a value of another type
 */
export function deserialize(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? value : wrongType(path, value, 'String');
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(path, value, 'Boolean');
    case 'timestamp':
      return typeof value === 'number' ? value : wrongType(path, value, 'Timestamp in seconds since 1970');
    case 'integer':
      return Number.isSafeInteger(value) ? value : wrongType(path, value, 'Integer');
    case 'blob':
      return typeof value === 'string' && isBase64(value) ? value : wrongType(path, value, 'Blob in base64');
    case 'list':
      return deserializeList(shape, value, path);
    case 'map':
      return deserializeMap(shape, value, path);
    case 'structure':
      return deserializeStructure(shape, value, path);
  }
}

function deserializeList({ member }: ListShape, value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) return wrongType(path, value, 'List');
  return value
    .filter((item: unknown) => item !== null)
    .map((item: unknown, index) => deserialize(member, item, `${path}.${index + 1}.member`));
}

/** AWS drops entries whose value is null, as it drops members. */
function deserializeMap(shape: MapShape, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrongType(path, value, 'Map');
  const entries = Object.entries(value)
    .filter(([, item]) => item !== null)
    .map(([key, item]) => [key, deserialize(shape.value, item, `${path}.value`)] as const);
  return Object.fromEntries(entries);
}

function deserializeStructure(
  { members }: StructureShape,
  value: unknown,
  path: string,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrongType(path, value, 'Structure');
  const known = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .flatMap(([name, member]) => {
      const shape = Object.hasOwn(members, name) ? members[name] : undefined;
      return shape === undefined ? [] : [[name, deserialize(shape, member, joinPath(path, name))] as const];
    });
  return Object.fromEntries(known);
}

/** As RFC 4648 has it, with its padding. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** The path of a member; those of the input itself have no prefix. */
export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function wrongType(path: string, value: unknown, expected: string): never {
  const found = Array.isArray(value) ? 'LIST' : typeof value === 'object' ? 'STRUCTURE' : typeof value;
  throw new ServiceError(
    'SerializationException',
    `${found.toUpperCase()}_VALUE at '${path}' can not be converted to ${expected}`,
  );
}
