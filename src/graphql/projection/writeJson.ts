/** JSON text of a value. */
export type Write<Value> = (value: Value) => string;

/** Text that stands in JSON as it is: without quotation marks, backslashes, control characters and surrogates. */
const plainText = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** As JSON.stringify writes it, which is slower for text that needs no escapes. */
export function text(value: string | null): string {
  if (value === null) return 'null';
  return plainText.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** Text of a form that needs no escapes: an identifier, a time, a member of an enumeration. */
export function formedText(value: string | null): string {
  return value === null ? 'null' : `"${value}"`;
}

export function plain(value: number | boolean | null): string {
  return String(value);
}

/** An object with these members, in this order; members give their names as JSON with the colon. */
export function object<Value>(
  members: readonly (readonly [key: string, write: Write<Value>])[],
): Write<Value> {
  const parts = members.map(([key, write], index) => ({
    start: `${index === 0 ? '{' : ','}${nameOf(key)}`,
    write,
  }));
  if (parts.length === 0) return () => '{}';
  return (value) => {
    let written = '';
    for (const { start, write } of parts) written += start + write(value);
    return `${written}}`;
  };
}

export function nameOf(key: string): string {
  return `${JSON.stringify(key)}:`;
}
