/** What the reader and the writer need to know of a value representation (PS3.5 table 6.2-1). */
export interface ValueRepresentation {
  readonly name: string;
  /** Explicit VR: two reserved bytes and a length of 32 bits (PS3.5 7.1.2) instead of one of 16. */
  readonly longForm: boolean;
  /**
   * extended: text of the Specific Character Set, several values; block: such text in a single value, where a
   * backslash is a character; basic: text of the default repertoire; bulk: bytes that are not read.
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

/** The two letters as they stand in a file, read as one big endian number. */
const byCode = new Map([...byName].map(([name, vr]) => [Buffer.from(name, 'latin1').readUInt16BE(0), vr]));

const un: ValueRepresentation = { name: 'UN', longForm: true, kind: 'bulk' };

/** Unknown names are taken as UN. */
export function valueRepresentation(name: string): ValueRepresentation {
  return byName.get(name) ?? un;
}

/** @param code the two letters as one big endian number; undefined when they name no value representation */
export function valueRepresentationOfCode(code: number): ValueRepresentation | undefined {
  return byCode.get(code);
}

/** Both bytes capital letters: it may be a value representation, if one not known here. */
export function looksLikeValueRepresentation(code: number): boolean {
  const first = code >> 8;
  const second = code & 0xff;
  return first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a;
}
