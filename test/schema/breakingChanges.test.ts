import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { buildSchema } from '../../src/graphql/schema.ts';
import { schemaChanges } from './breakingChanges.ts';
import { printedSchema } from './printedSchema.ts';

const snapshot = readFileSync(new URL('./snapshot.graphql', import.meta.url), 'utf8');

/** The snapshot with one place edited, which must occur exactly once. What is removed goes with its description. */
function edited(from: string, to: string): string {
  const [before, after, ...more] = snapshot.split(from);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`Not once: ${from}`);
  return (to === '' ? before.replace(/ *"""\n[^"]*"""\n$/, '') : before) + to + after;
}

const breaking = (name: string, message: unknown = expect.any(String)) => ({ name, message, breaking: true });
const harmless = (name: string) => ({ name, message: expect.any(String), breaking: false });

describe('the snapshot of the schema', () => {
  test('is the executable schema', async () => {
    expect(await printedSchema(buildSchema())).toBe(snapshot);
  });

  test('has no change against itself', async () => {
    expect(await schemaChanges(snapshot, snapshot)).toEqual([]);
  });
});

describe('a breaking change is named', () => {
  const fieldOfVersion = '  state: ImageSetState!\n';
  test.each([
    ['a field removed', fieldOfVersion, '', 'FIELD_REMOVED'],
    ['a field of another type', fieldOfVersion, '  state: String!\n', 'FIELD_TYPE_CHANGED'],
    ['a field that may now be null', fieldOfVersion, '  state: ImageSetState\n', 'FIELD_TYPE_CHANGED'],
    ['an argument removed', '    version: Int\n', '', 'FIELD_ARGUMENT_REMOVED'],
    ['an argument now required', '    version: Int\n', '    version: Int!\n', 'FIELD_ARGUMENT_TYPE_CHANGED'],
    ['an enum value removed', '  ARCHIVE_INSTANT_ACCESS\n', '', 'ENUM_VALUE_REMOVED'],
    ['an input field removed', '  studyId: StringMatch\n', '', 'INPUT_FIELD_REMOVED'],
    [
      'a required input field added',
      '  studyId: StringMatch\n',
      '  studyId: StringMatch\n  region: String!\n',
      'INPUT_FIELD_ADDED',
    ],
    [
      'an interface dropped',
      'type Datastore implements Node @key',
      'type Datastore @key',
      'OBJECT_TYPE_INTERFACE_REMOVED',
    ],
    ['a scalar renamed away', 'scalar DicomTime\n', 'scalar DicomHour\n', 'TYPE_REMOVED'],
  ])('%s', async (_title, from, to, name) => {
    const after = edited(from, to).replace(/: DicomTime$/gm, name === 'TYPE_REMOVED' ? ': DicomHour' : '$&');
    expect(await schemaChanges(snapshot, after)).toContainEqual(breaking(name));
  });

  test('@oneOf removed from an input object', async () => {
    const after = edited('input StringMatch @oneOf {', 'input StringMatch {');
    expect(await schemaChanges(snapshot, after)).toEqual([
      breaking('ONE_OF_REMOVED', "'StringMatch @oneOf' was removed"),
    ]);
  });

  test('one of two entity keys removed', async () => {
    const after = edited(' @key(fields: "datastoreId imageSetId")', '');
    expect(await schemaChanges(snapshot, after)).toEqual([
      breaking('KEY_REMOVED', `'ImageSet @key(fields: "datastoreId imageSetId")' was removed`),
    ]);
  });

  test('PageInfo no longer shared with other subgraphs', async () => {
    const after = edited('type PageInfo @shareable {', 'type PageInfo {');
    expect(await schemaChanges(snapshot, after)).toEqual([
      breaking('SHAREABLE_REMOVED', "'PageInfo @shareable' was removed"),
    ]);
  });
});

describe('a change that breaks nobody is harmless', () => {
  test('a field added', async () => {
    const after = edited('  state: ImageSetState!\n', '  state: ImageSetState!\n  colour: String\n');
    expect(await schemaChanges(snapshot, after)).toEqual([harmless('FIELD_ADDED')]);
  });

  test('an optional argument added', async () => {
    const after = edited('    version: Int\n', '    version: Int\n    region: String\n');
    expect(await schemaChanges(snapshot, after)).toEqual([harmless('FIELD_ARGUMENT_ADDED')]);
  });

  test('a description reworded', async () => {
    const after = edited('Each change makes a new one.', 'Every edit makes a new one.');
    expect(await schemaChanges(snapshot, after)).toEqual([harmless('FIELD_DESCRIPTION_CHANGED')]);
  });

  test('an entity key added', async () => {
    const after = edited(
      'type Datastore implements Node @key',
      'type Datastore implements Node @key(fields: "arn") @key',
    );
    expect(await schemaChanges(snapshot, after)).toEqual([]);
  });
});
