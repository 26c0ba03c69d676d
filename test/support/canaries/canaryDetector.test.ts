import { describe, expect, test } from '@jest/globals';

import { canaries, type CanaryName } from './canaries.ts';
import { createDetector } from './canaryDetector.ts';

const detect = createDetector(canaries);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Ways in which a value gets into a log, a span, a metric, an answer or a cursor. */
const ways: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => `{"msg":"of ${value}."}`,
  'in capitals': (value) => value.toUpperCase(),
  'as JSON': (value) => JSON.stringify({ value }),
  'as JSON in JSON': (value) => JSON.stringify(JSON.stringify({ value })),
  'in a URL': (value) => `GET /x?q=${encodeURIComponent(value)}&r`,
  'in a form': (value) => new URLSearchParams({ value }).toString(),
  'as base64': (value) => base64(value),
  'as base64 behind one byte': (value) => base64(`x${value}y`),
  'as base64 behind two bytes': (value) => base64(`xx${value}yy`),
  'as base64url': (value) => Buffer.from(`ÿ~${value}ÿ`).toString('base64url'),
  'as base64 of base64': (value) => base64(`x ${base64(`ab${value}`)} y`),
  'as base64 of JSON of a URL': (value) => base64(JSON.stringify({ url: encodeURIComponent(value) })),
  'as hex': (value) => `=${Buffer.from(value).toString('hex')}.`,
  'as UTF-16 in base64': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  'as bytes the other way round in base64url': (value) =>
    Buffer.from(Buffer.from(`~${value}~`).toReversed()).toString('base64url'),
  'as bytes the other way round in hex': (value) =>
    Buffer.from(Buffer.from(value).toReversed()).toString('hex'),
  'as letters the other way round': (value) => Array.from(value).toReversed().join(''),
  'read as Latin-1': (value) => Buffer.from(value).toString('latin1'),
  'in a token': (value) => `${base64('{"alg":"RS256"}')}.${base64(JSON.stringify({ name: value }))}.sig`,
};

describe('the detector finds a canary', () => {
  test.each(Object.entries(ways))('%s', (_title, write) => {
    const names = Object.keys(canaries) as CanaryName[];
    const missed = names.filter(
      (name) => !detect(`before ${write(canaries[name])} after`).some(({ canary }) => canary === name),
    );
    expect(missed).toEqual([]);
  });
});

test('the detector finds none in other texts', () => {
  const noise = Array.from({ length: 500 }, (_, index) =>
    base64(`${index * 7_919}-${'x'.repeat(index % 40)}`),
  );
  expect(detect(JSON.stringify(process.versions), noise.join(' '), '1719031117000 a19031117f')).toEqual([]);
});

test('there are forty canaries, and none is a part of another but where a UID goes on', () => {
  const values = Object.entries(canaries);
  const inOthers = values.filter(([name, value]) =>
    values.some(([other, text]) => other !== name && text.includes(value)),
  );
  expect([values.length, inOthers.map(([name]) => name)]).toEqual([40, ['studyUid']]);
});
