import { describe, expect, test } from '@jest/globals';
import {
  buildSchema as parseSchema,
  parseType,
  typeFromAST,
  type GraphQLInputType,
  isInputType,
} from 'graphql';

import { expectationAt, expectationOf, typeAtPath } from '../../../../src/graphql/errors/inputExpectation.ts';

const schema = parseSchema(`
  scalar DateTime
  scalar DicomDate
  scalar DicomTime
  scalar DicomUid
  scalar Odd
  enum Mood { GOOD BAD }
  input Text { equal: String }
  input Filter { title: Text, tags: [Text!], mood: Mood, and: [Filter!] }
  input Choice @oneOf { one: Int, other: Text }
  type Query { book(isbn: ID, filter: Filter, choice: Choice, list: [[Int!]!], odd: Odd, float: Float, is: Boolean): String }
`);

function typeOf(text: string): GraphQLInputType {
  const type = typeFromAST(schema, parseType(text));
  if (!isInputType(type)) throw new TypeError(`expected ${text} to be a type of input`);
  return type;
}

describe('what a type expects', () => {
  test.each([
    ['Int', 'a 32-bit whole number', 'a 32-bit whole number'],
    ['Float', 'a number', 'a number'],
    ['String!', 'text', 'text'],
    ['Boolean', 'true or false', 'true or false'],
    ['ID', 'text or a whole number', 'text or a whole number'],
    [
      'DateTime',
      'RFC 3339 text with a zone, such as "2026-11-02T08:15:00Z"',
      'RFC 3339 text with a zone, such as "2026-11-02T08:15:00Z"',
    ],
    [
      'DicomDate',
      'a calendar day as "YYYYMMDD" or "YYYY-MM-DD"',
      'a calendar day as "YYYYMMDD" or "YYYY-MM-DD"',
    ],
    [
      'DicomTime',
      'a time of day as "HHMMSS", "HHMMSS.FFFFFF", "HH:MM:SS" or "HH:MM:SS.ffffff"',
      'a time of day as "HHMMSS", "HHMMSS.FFFFFF", "HH:MM:SS" or "HH:MM:SS.ffffff"',
    ],
    [
      'DicomUid',
      'a DICOM unique identifier: 1 to 64 digits and dots, in quotes',
      'a DICOM unique identifier: 1 to 64 digits and dots, in quotes',
    ],
    ['Odd', 'Odd', 'a value of its type'],
    ['Mood', 'Mood: one of GOOD, BAD', 'one of the values that its type has'],
    ['Filter', 'Filter: an object of title, tags, mood, and', 'an object with the members that its type has'],
    [
      'Choice!',
      'Choice: exactly one of one, other, and not null',
      'an object with exactly one of the members that its type has, and not null',
    ],
    [
      '[[Int!]!]!',
      'a list, each a list, each a 32-bit whole number',
      'a list, each a list, each a 32-bit whole number',
    ],
    ['[Mood]', 'a list, each Mood: one of GOOD, BAD', 'a list, each one of the values that its type has'],
  ])('%s: %s; without names: %s', (type, expected, withoutNames) => {
    expect([expectationOf(typeOf(type), false), expectationOf(typeOf(type), true)]).toEqual([
      expected,
      withoutNames,
    ]);
  });
});

describe('the type at a path', () => {
  test.each<[string, (string | number)[], string]>([
    ['Filter!', [], 'Filter!'],
    ['Filter!', ['title'], 'Text'],
    ['Filter', ['title', 'equal'], 'String'],
    ['Filter', ['tags', 3], 'Text!'],
    ['Filter', ['and', 0, 'and', 1, 'mood'], 'Mood'],
    ['[[Int!]!]', [0], '[Int!]!'],
    ['[[Int!]!]', [0, 1], 'Int!'],
    ['Filter', ['nothing', 'equal'], 'Filter'],
    ['Int!', ['nothing'], 'Int!'],
    ['Mood', [0], 'Mood'],
  ])('%s at %j is %s', (type, path, expected) => {
    expect(String(typeAtPath(typeOf(type), path))).toBe(expected);
  });
});

describe('what was expected at an offset of a document', () => {
  const at = (source: string, marker = '^', hideNames = false) =>
    expectationAt(schema, { source: source.replace(marker, ''), offset: source.indexOf(marker), hideNames });

  test.each([
    ['{ book(isbn: ^1.5) }', 'text or a whole number'],
    ['{ book(filter: ^7) }', 'Filter: an object of title, tags, mood, and'],
    ['{ book(filter: { mood: ^UGLY }) }', 'Mood: one of GOOD, BAD'],
    ['{ book(filter: { ^other: 7 }) }', 'Filter: an object of title, tags, mood, and'],
    ['{ book(filter: { title: { ^other: 7 } }) }', 'Text: an object of equal'],
    ['{ book(filter: { title: { equal: ^$v } }) }', 'text'],
    ['{ book(choice: ^{}) }', 'Choice: exactly one of one, other, and not null'],
    ['{ book(list: [[^null]]) }', 'a 32-bit whole number'],
    ['{ book(isbn: 1, float: ^"x") }', 'a number'],
    ['query ($v: Boolean = ^7) { book(is: $v) }', 'true or false'],
  ])('%s: %s', (source, expected) => {
    expect(at(source)).toBe(expected);
  });

  test.each([
    '{ ^book }',
    '{ book(^isbn: 1) }',
    '^{ book }',
    '{ book(nothing: ^1) }',
    '{ nothing(isbn: ^1) }',
    '{ book(isbn: 1) }^',
  ])('%s: nothing is expected', (source) => {
    expect(at(source)).toBeUndefined();
  });

  test('is said without names where the schema is hidden', () => {
    expect(at('{ book(filter: { mood: ^UGLY }) }', '^', true)).toBe('one of the values that its type has');
  });
});
