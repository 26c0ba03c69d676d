/**
 * Decodes bytes of one character set. Bytes that are none of its characters are read as ISO 8859-1, and told of.
 */
export type Decode = (bytes: Buffer, onInvalid?: () => void) => string;

/**
 * A table of 256 characters, from one of Node's decoders. The web's encodings (windows-1254 for ISO 8859-9, windows-874 for TIS 620)
 * have characters below A0 where the ISO sets have control characters.
 */
function tableOf(encoding: string): readonly (string | undefined)[] {
  const decoder = new TextDecoder(encoding);
  return Array.from({ length: 256 }, (_, code) => {
    const character = code < 0xa0 ? String.fromCharCode(code) : decoder.decode(Uint8Array.of(code));
    return character === '\uFFFD' ? undefined : character;
  });
}

function singleByte(encoding: string): Decode {
  let table: readonly (string | undefined)[] | undefined;
  return (bytes, onInvalid) => {
    const characters = (table ??= tableOf(encoding));
    let text = '';
    for (const code of bytes) {
      const character = characters[code];
      if (character === undefined) onInvalid?.();
      text += character ?? String.fromCharCode(code);
    }
    return text;
  };
}

/** By one of Node's decoders. */
export function strictly(encoding: string): Decode {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes, onInvalid) => {
    try {
      return (decoder ??= new TextDecoder(encoding, { fatal: true, ignoreBOM: true })).decode(bytes);
    } catch {
      onInvalid?.();
      return latin1(bytes);
    }
  };
}

/** By `Buffer`, whose latin1 is ISO 8859-1; TextDecoder's is windows-1252. */
export const latin1: Decode = (bytes) => bytes.toString('latin1');

/** The part with the high bit set of PS3.3 table C.12-2, by the set's registration number. */
export const singleByteSets: ReadonlyMap<string, Decode> = new Map([
  ['6', latin1],
  ['100', latin1],
  ['101', singleByte('iso-8859-2')],
  ['109', singleByte('iso-8859-3')],
  ['110', singleByte('iso-8859-4')],
  ['126', singleByte('iso-8859-7')],
  ['127', singleByte('iso-8859-6')],
  ['138', singleByte('iso-8859-8')],
  ['144', singleByte('iso-8859-5')],
  ['148', singleByte('windows-1254')],
  ['166', singleByte('windows-874')],
  ['203', singleByte('iso-8859-15')],
]);
