import fc from 'fast-check';

/** One change of the bytes of a file, as by somebody who covers something up, or by a disk. */
export interface Edit {
  readonly kind: string;
  readonly apply: (bytes: Buffer) => Buffer;
}

const linesOf = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n').slice(0, -1);
const bytesOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
const overLines = (change: (lines: string[]) => string[]) => (bytes: Buffer) =>
  bytesOf(change(linesOf(bytes)));
const at = (fraction: number, length: number): number => Math.min(length - 1, Math.floor(fraction * length));
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Hashes a line and all lines after it again, as somebody without the key can. */
export type Rehash = (lines: readonly string[], from: number) => string[];

/** All kinds of edits; those that change nothing do not count. */
export function anyEdit(rehash: Rehash): fc.Arbitrary<Edit> {
  const edit = (kind: string, apply: Edit['apply']): Edit => ({ kind, apply });
  const changed = (line: string): string => line.replace(/"outcome":"\d+"|event/, 'forged') + ' ';
  return fc.oneof(
    fc.tuple(fraction, fc.integer({ min: 1, max: 255 })).map(([place, mask]) =>
      edit('flip', (bytes) => {
        const copy = Buffer.from(bytes);
        const index = at(place, copy.length);
        copy.writeUInt8(copy.readUInt8(index) ^ mask, index);
        return copy;
      }),
    ),
    fraction.map((place) =>
      edit(
        'delete a line',
        overLines((lines) => lines.toSpliced(at(place, lines.length), 1)),
      ),
    ),
    fc.tuple(fraction, fraction).map(([from, to]) =>
      edit(
        'duplicate a line',
        overLines((lines) => lines.toSpliced(at(to, lines.length), 0, lines[at(from, lines.length)] ?? '')),
      ),
    ),
    fc.tuple(fraction, fraction).map(([one, other]) =>
      edit(
        'swap lines',
        overLines((lines) => {
          const [a, b] = [at(one, lines.length), at(other, lines.length)];
          return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
        }),
      ),
    ),
    fc.tuple(fraction, fc.stringMatching(/^[ -~]{0,60}$/)).map(([place, text]) =>
      edit(
        'insert a line',
        overLines((lines) => lines.toSpliced(at(place, lines.length + 1), 0, text)),
      ),
    ),
    fraction.map((place) =>
      edit('cut the end at any byte', (bytes) => bytes.subarray(0, at(place, bytes.length))),
    ),
    fraction.map((place) =>
      edit(
        'cut whole lines at the end',
        overLines((lines) => lines.slice(0, at(place, lines.length))),
      ),
    ),
    fraction.map((place) =>
      edit(
        'edit a field',
        overLines((lines) =>
          lines.with(at(place, lines.length), changed(lines[at(place, lines.length)] ?? '')),
        ),
      ),
    ),
    fraction.map((place) =>
      edit(
        'edit a field and hash what follows anew without the key',
        overLines((lines) => {
          const index = 1 + at(place, lines.length - 1);
          return rehash(lines.with(index, changed(lines[index] ?? '')), index);
        }),
      ),
    ),
    fraction.map((place) =>
      edit(
        'delete a line and number and hash what follows anew without the key',
        overLines((lines) => {
          const index = 1 + at(place, lines.length - 1);
          return rehash(lines.toSpliced(index, 1), index);
        }),
      ),
    ),
  );
}
