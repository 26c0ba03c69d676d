import type { EncodeText } from '../text/encodeText.ts';
import type { ValueRepresentation } from '../valueRepresentations.ts';

type Value = string | number;

/**
 * The value field of an element that is not a sequence, padded to even length (PS3.5 6.2).
 * @throws RangeError for values that the value representation cannot hold
 */
export function writeValues(
  vr: ValueRepresentation,
  values: readonly Value[],
  littleEndian: boolean,
  encodeText: EncodeText,
): Buffer {
  switch (vr.kind) {
    case 'personName':
    case 'extended':
    case 'block':
      return padded(encodeText(values.join('\\')), 0x20);
    case 'basic':
      return padded(Buffer.from(values.join('\\'), 'latin1'), vr.name === 'UI' ? 0 : 0x20);
    case 'tag':
      return Buffer.concat(values.map((value) => tagBytes(Number.parseInt(String(value), 16), littleEndian)));
    case 'number':
      return Buffer.concat(values.map((value) => numberBytes(vr.name, value, littleEndian)));
    case 'sequence':
    case 'bulk':
      throw new RangeError('Expected bytes for a bulk value, and items for a sequence.');
  }
}

/** Adds the byte that makes the length even. */
export function padded(bytes: Buffer, padding: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(padding)]);
}

/** A tag as a file has it: group, then element. */
export function tagBytes(tag: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (!littleEndian) bytes.writeUInt32BE(tag);
  else {
    bytes.writeUInt16LE(Math.floor(tag / 0x10000), 0);
    bytes.writeUInt16LE(tag % 0x10000, 2);
  }
  return bytes;
}

type WriteNumber = (bytes: Buffer, value: Value) => void;

/** Big endian; reversed afterwards for little endian. */
const numberWriters = new Map<string, [size: number, write: WriteNumber]>([
  ['US', [2, (bytes, value) => bytes.writeUInt16BE(Number(value))]],
  ['SS', [2, (bytes, value) => bytes.writeInt16BE(Number(value))]],
  ['UL', [4, (bytes, value) => bytes.writeUInt32BE(Number(value))]],
  ['SL', [4, (bytes, value) => bytes.writeInt32BE(Number(value))]],
  ['FL', [4, (bytes, value) => bytes.writeFloatBE(Number(value))]],
  ['FD', [8, (bytes, value) => bytes.writeDoubleBE(Number(value))]],
  ['UV', [8, (bytes, value) => bytes.writeBigUInt64BE(BigInt(value))]],
  ['SV', [8, (bytes, value) => bytes.writeBigInt64BE(BigInt(value))]],
]);

function numberBytes(vr: string, value: Value, littleEndian: boolean): Buffer {
  const writer = numberWriters.get(vr);
  if (writer === undefined) throw new RangeError('Expected a numeric value representation.');
  const [size, write] = writer;
  const bytes = Buffer.alloc(size);
  try {
    write(bytes, value);
  } catch {
    // Node's own message quotes the value.
    throw new RangeError('Expected a number that its value representation can hold.');
  }
  return littleEndian ? bytes.reverse() : bytes;
}
