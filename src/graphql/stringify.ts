import { randomUUID } from 'node:crypto';
import { setImmediate as others } from 'node:timers/promises';

/** Values that the response being stringified has to leave room for; undefined outside of that. */
let setAside: { readonly marker: string; readonly values: object[] } | undefined;

/**
 * The same object, which `stringify` writes apart from its response. Elsewhere JSON.stringify writes it as ever.
 * For values of megabytes that belong to the request alone.
 */
export function writtenApart<Value extends object>(value: Value): Value {
  if (Object.hasOwn(value, 'toJSON')) return value;
  return Object.defineProperty(value, 'toJSON', {
    enumerable: false,
    value() {
      if (setAside === undefined) return value;
      return `${setAside.marker}${setAside.values.push(value) - 1}`;
    },
  });
}

/**
 * JSON text of a response. Other requests get their turn between values that are written apart: in one piece, 64 MB of them
 * would keep everybody waiting for a second.
 */
export async function stringify(response: object): Promise<string> {
  // No client knows it, so no other text of a response looks like it.
  const marker = `apart ${randomUUID()} `;
  const values: object[] = [];
  setAside = { marker, values };
  let frame;
  try {
    frame = JSON.stringify(response);
  } finally {
    setAside = undefined;
  }
  if (values.length === 0) return `${frame}\n`;
  const pieces = frame.split(new RegExp(`"${marker}(\\d+)"`));
  for (let index = 1; index < pieces.length; index += 2) {
    await others();
    pieces[index] = JSON.stringify(values[Number(pieces[index])]);
  }
  return [...pieces, '\n'].join('');
}
