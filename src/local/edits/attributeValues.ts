/** Forms of text values (PS3.5 table 6.2-1). */
const forms: Readonly<Record<string, RegExp>> = {
  AE: /^[^\\\p{Cc}]{1,16}$/u,
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9 _]{1,16}$/,
  DA: /^\d{8}$/,
  DS: /^ *[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? *$/,
  DT: /^\d{4,14}(?:\.\d{1,6})?(?:[+-]\d{4})?$/,
  IS: /^ *[+-]?\d{1,11} *$/,
  LO: /^[^\\\p{Cc}]{1,64}$/u,
  PN: /^[^\\\p{Cc}]{1,194}$/u,
  SH: /^[^\\\p{Cc}]{1,16}$/u,
  TM: /^(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/,
  UI: /^[0-9.]{1,64}$/,
};

const numbers = new Set(['FD', 'FL', 'SL', 'SS', 'UL', 'US', 'SV', 'UV', 'US or SS']);

/**
 * Whether a value of JSON is one of an attribute.
 * @param vr of the attribute, as the dictionary has it
 */
export function isValueOf(vr: string, value: unknown): boolean {
  if (numbers.has(vr)) return typeof value === 'number';
  return typeof value === 'string' && (value === '' || (forms[vr]?.test(value) ?? true));
}
