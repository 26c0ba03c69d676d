import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { WrittenJson, stringify, writtenAs, type ResponseForm } from '../../src/graphql/writtenJson.ts';
import { propertyParameters } from '../support/propertyRuns.ts';

const written = (value: unknown) => new WrittenJson(Buffer.from(JSON.stringify(value)));

const textOf = (response: ResponseForm) => {
  const text = stringify(response);
  return typeof text === 'string' ? text : Buffer.concat(text).toString();
};

test('what is written already is in its places, as JSON.stringify would write it', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (values, other) => {
      const expected = { data: { nodes: [other, ...values, ...values] } };
      const those = values.map(written);
      const response = { data: { nodes: [other, ...those, ...those] } };
      expect(textOf(response)).toBe(`${JSON.stringify(expected)}\n`);
      expect(JSON.stringify(response)).toBe(JSON.stringify(expected));
    }),
    propertyParameters(300),
  );
});

test('a response without it is text', () => {
  expect(stringify({ data: null })).toBe('{"data":null}\n');
});

test('its text is taken over as it is', () => {
  const text = '{ "number": 12345678901234567890.0, "twice": 1, "twice": 2 }';
  const response = { data: { metadata: new WrittenJson(Buffer.from(text)) } };
  expect(textOf(response)).toBe(`{"data":{"metadata":${text}}}\n`);
});

test('data that are written already are taken over, whatever they look like', () => {
  const text = Buffer.from('{"imageSets":{"nodes":[]}}');
  const response = { data: writtenAs(text, { toJSON: {} }), extensions: { cost: 1 } };
  expect(textOf(response)).toBe('{"data":{"imageSets":{"nodes":[]}},"extensions":{"cost":1}}\n');
});
