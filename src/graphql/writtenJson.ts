import { randomUUID } from 'node:crypto';

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

/** The bytes of a response, in pieces. */
export type ResponseBytes = readonly Uint8Array[];

/**
 * JSON text of a response; its bytes, where it holds a `WrittenJson`. Megabytes are neither parsed nor made text of on the
 * way from HealthImaging to the client: in one piece, 64 MB would keep everybody else waiting for a second.
 */
export function stringify(response: object): string | ResponseBytes {
  // No client knows it, so no other text of a response looks like it.
  const marker = `written ${randomUUID()} `;
  const texts: Uint8Array[] = [];
  setAside = { marker, texts };
  let frame;
  try {
    frame = JSON.stringify(response);
  } finally {
    setAside = undefined;
  }
  if (texts.length === 0) return `${frame}\n`;
  return `${frame}\n`
    .split(new RegExp(`"${marker}(\\d+)"`))
    .map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : (texts[Number(piece)] ?? Buffer.of())));
}
