import { randomUUID } from 'node:crypto';

import { attached } from '../attached.ts';

/** JSON texts that the response being stringified has to leave room for; undefined outside of that. */
let setAside: { readonly marker: string; readonly texts: Uint8Array[] } | undefined;

/** A value whose JSON text is there already. `stringify` takes it over as it is; elsewhere JSON.stringify writes it as ever. */
export class WrittenJson {
  readonly #text: Uint8Array;

  /** @param text JSON in UTF-8 */
  constructor(text: Uint8Array) {
    this.#text = text;
  }

  toJSON(): unknown {
    if (setAside === undefined) return JSON.parse(new TextDecoder().decode(this.#text));
    return `${setAside.marker}${setAside.texts.push(this.#text) - 1}`;
  }
}

const dataTexts = attached<object, Uint8Array>();

/** The same data, which `stringify` writes as this text: it need not have more in it than others look at. */
export function writtenAs<Data extends object>(text: Uint8Array, data: Data): Data {
  dataTexts.set(data, text);
  return data;
}

export interface ResponseForm {
  readonly errors?: unknown;
  readonly data?: object | null | undefined;
  readonly extensions?: unknown;
}

/** The bytes of a response, in pieces. */
export type ResponseBytes = readonly Uint8Array[];

/**
 * JSON text of a response; its bytes, where it holds a `WrittenJson`. Megabytes are neither parsed nor made text of on the
 * way from HealthImaging to the client: in one piece, 64 MB would keep everybody else waiting for a second.
 */
export function stringify({ errors, data, extensions }: ResponseForm): string | ResponseBytes {
  const text = data ? dataTexts.get(data) : undefined;
  if (text !== undefined && errors === undefined) {
    const end = extensions === undefined ? '}\n' : `,"extensions":${JSON.stringify(extensions)}}\n`;
    return [dataStart, text, Buffer.from(end)];
  }
  return frame({ errors, data, extensions });
}

const dataStart = Buffer.from('{"data":');

function frame(response: object): string | ResponseBytes {
  // No client knows it, so no other text of a response looks like it.
  const marker = `written ${randomUUID()} `;
  const texts: Uint8Array[] = [];
  setAside = { marker, texts };
  let framed;
  try {
    framed = JSON.stringify(response);
  } finally {
    setAside = undefined;
  }
  if (texts.length === 0) return `${framed}\n`;
  return `${framed}\n`
    .split(new RegExp(`"${marker}(\\d+)"`))
    .map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : (texts[Number(piece)] ?? Buffer.of())));
}
