/** What reader and writer need to know about a value representation (PS3.5 table 6.2-1). */
export interface ValueRepresentation {
  readonly name: string;
  /** Whether explicit VR has two reserved bytes and a 32-bit length (PS3.5 7.1.2) instead of a 16-bit one. */
  readonly longForm: boolean;
  /**
   * extended: text in the Specific Character Set, several values; block: a single such text, in which a backslash is a character;
   * basic: text in the default repertoire; bulk: bytes that are not read.
   */
  readonly kind: 'personName' | 'extended' | 'block' | 'basic' | 'tag' | 'number' | 'sequence' | 'bulk';
}

const shortForms: [ValueRepresentation['kind'], string][] = [
  ['personName', 'PN'],
  ['extended', 'LO SH'],
  ['block', 'LT ST'],
  ['basic', 'AE AS CS DA DS DT IS TM UI'],
  ['tag', 'AT'],
  ['number', 'FD FL SL SS UL US'],
];

const longForms: [ValueRepresentation['kind'], string][] = [
  ['extended', 'UC'],
  ['block', 'UT'],
  ['basic', 'UR'],
  ['number', 'SV UV'],
  ['sequence', 'SQ'],
  ['bulk', 'OB OD OF OL OV OW UN'],
];

function named(
  groups: [ValueRepresentation['kind'], string][],
  longForm: boolean,
): [string, ValueRepresentation][] {
  return groups.flatMap(([kind, names]) =>
    names.split(' ').map((name): [string, ValueRepresentation] => [name, { name, longForm, kind }]),
  );
}

const byName = new Map<string, ValueRepresentation>([...named(shortForms, false), ...named(longForms, true)]);

/** By the two letters as a file has them, read as a big-endian number. */
const byCode = new Map([...byName].map(([name, vr]) => [Buffer.from(name, 'latin1').readUInt16BE(0), vr]));

const un: ValueRepresentation = { name: 'UN', longForm: true, kind: 'bulk' };

/** UN for unknown names. */
export function valueRepresentation(name: string): ValueRepresentation {
  return byName.get(name) ?? un;
}

/**
 * @param code the two letters as a big-endian number
 * @returns undefined when they are not a known value representation
 */
export function valueRepresentationOfCode(code: number): ValueRepresentation | undefined {
  return byCode.get(code);
}

/** Whether both bytes are capital letters: a value representation, though maybe one not known here. */
export function looksLikeValueRepresentation(code: number): boolean {
  const first = code >> 8;
  const second = code & 0xff;
  return first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a;
}
