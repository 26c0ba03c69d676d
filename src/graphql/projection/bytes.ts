/** Enough for most answers. It grows, and is given back when it has grown beyond this. */
const usualSize = 262_144;

let space = Buffer.allocUnsafeSlow(usualSize);
let end = 0;

/** Begins an answer's bytes. Nothing else may be begun until `taken`. */
export function begin(): void {
  end = 0;
}

/** Appends text, which V8 would otherwise join, and make of two bytes a character, before it is encoded. */
export function append(chunk: string): void {
  const longest = chunk.length * 3;
  if (space.length - end < longest) {
    const larger = Buffer.allocUnsafeSlow(Math.max(space.length * 2, end + longest));
    space.copy(larger, 0, 0, end);
    space = larger;
  }
  end += space.write(chunk, end);
}

/** The bytes that were appended, in memory of their own. */
export function taken(): Buffer {
  const bytes = Buffer.from(space.subarray(0, end));
  if (space.length > usualSize) space = Buffer.allocUnsafeSlow(usualSize);
  return bytes;
}
