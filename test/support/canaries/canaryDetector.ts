/** A canary that was found, and the form in which it was. */
export interface Finding {
  readonly canary: string;
  readonly form: string;
}

interface Needle extends Finding {
  readonly matches: (text: string) => boolean;
}

const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes.toReversed());

/** Base64 of a text in the middle of another: of the three ways in which it may lie, only what its neighbours leave alone. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const start = before === 0 ? 0 : before + 1;
    const end = Math.floor((whole.length * 8) / 6);
    return whole.toString('base64').slice(start, end);
  });
}

/** @returns all texts that hold the value to whoever can decode them */
function formsOf(value: string): readonly (readonly [form: string, texts: readonly string[]])[] {
  const bytes = Buffer.from(value);
  const wide = Buffer.from(value, 'utf16le');
  const base64 = [bytes, wide, reversed(bytes)].flatMap(base64Forms);
  const json = JSON.stringify(value).slice(1, -1);
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const entity = (unit: string) => `&#${unit.charCodeAt(0)};`;
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    ['plain', [value]],
    ['JSON', [json, JSON.stringify(json).slice(1, -1), value.replaceAll(/[^ -~]/g, escaped)]],
    [
      'URL',
      [encodeURIComponent(value), encodeURI(value), new URLSearchParams([['', value]]).toString().slice(1)],
    ],
    [
      'HTML',
      [html, html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'), value.replaceAll(/[^ -~]/g, entity)],
    ],
    ['base64', [...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]],
    ['hex', [bytes, wide, reversed(bytes)].map((each) => each.toString('hex'))],
    ['Latin-1', [bytes.toString('latin1')]],
    ['reversed', [Array.from(value).toReversed().join('')]],
    ['words', [value.replaceAll(/[\^=]+/g, ' '), value.replaceAll(/[\^=]+/g, '_')]],
  ];
}

function needlesOf(canary: string, value: string): Needle[] {
  const seen = new Set<string>();
  return formsOf(value).flatMap(([form, texts]) =>
    texts
      .map((text) => text.toLowerCase())
      .filter((text) => text.length >= 6 && seen.size !== seen.add(text).size)
      .map((text) => ({ canary, form, matches: matcher(text) })),
  );
}

/** Eight digits also turn up in longer numbers and in hashes: they count where they stand by themselves. */
function matcher(needle: string): (text: string) => boolean {
  if (!/^\d+$/.test(needle)) return (text) => text.includes(needle);
  const pattern = new RegExp(`(?<![\\da-f])${needle}(?![\\da-f])`);
  return (text) => text.includes(needle) && pattern.test(text);
}

const deepest = 3;

/** Whatever may be an encoding of something: base64 in both alphabets, and hex, which is base64 by its letters, too. */
const encodedRun = /[\w+/-]{12,}={0,2}/g;

const urlRun = /[\w.~%+-]{3,}/g;

/** What a text says once more when what is encoded in it is decoded, tokens and cursors included. */
function decodings(text: string): string[] {
  const decoded = new Set<string>();
  for (const [run] of text.matchAll(encodedRun)) {
    const all = [Buffer.from(run, 'base64url')];
    if (/^[\da-f]+$/i.test(run)) all.push(Buffer.from(run, 'hex'));
    for (const bytes of all.flatMap((each) => [each, reversed(each)])) {
      for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) decoded.add(bytes.toString(encoding));
    }
  }
  for (const [run] of text.matchAll(urlRun)) if (run.includes('%')) decoded.add(unescape(run));
  return [...decoded];
}

/** Noise of a wrong decoding is looked through, but not decoded once more. */
function isReadable(text: string): boolean {
  return text.replaceAll(/[^ -~]/g, '').length > text.length / 2;
}

function unescape(run: string): string {
  return Buffer.from(
    run.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

export type Detect = (...texts: readonly string[]) => Finding[];

/** Finds the values as they are, in other letters, encoded, escaped or reversed, also one in the other. */
export function createDetector(values: Readonly<Record<string, string>>): Detect {
  const needles = Object.entries(values).flatMap(([name, value]) => needlesOf(name, value));
  return (...texts) => {
    const found = new Map<string, Finding>();
    let layer: readonly string[] = texts;
    for (let depth = 0; depth <= deepest && layer.length > 0; depth += 1) {
      const lower = layer.join('\n').toLowerCase();
      for (const { canary, form, matches } of needles) {
        if (!found.has(canary) && matches(lower)) {
          found.set(canary, { canary, form: depth === 0 ? form : `${form}, decoded` });
        }
      }
      const source = depth === 0 ? layer : layer.filter(isReadable);
      layer = depth < deepest ? decodings(source.join('\n')) : [];
    }
    return [...found.values()];
  };
}
