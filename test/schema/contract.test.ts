import { existsSync, readFileSync } from 'node:fs';

import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  Kind,
  parse,
  print,
  visit,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type NameNode,
  type StringValueNode,
} from 'graphql';

import { buildSchema } from '../../src/graphql/schema.ts';
import { printedSchema } from './printedSchema.ts';

const contract = new URL('../../../shared/contract/', import.meta.url);
const inHouse = existsSync(contract);

/**
 * Every element of a schema as one line: types with their interfaces and directives, fields and arguments with their
 * types and defaults, enum values. A schema keeps a contract when it has all of its lines.
 */
function linesOf(sdl: string): string[] {
  return parse(sdl).definitions.flatMap((definition) => {
    const { kind } = definition;
    if (kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const type = `type ${definition.name.value}`;
      return [
        type,
        ...(definition.interfaces ?? []).map(({ name }) => `${type} implements ${name.value}`),
        ...(definition.directives ?? []).map((directive) => `${type} ${print(directive)}`),
        ...(definition.fields ?? []).flatMap((field) => fieldLines(definition.name.value, field)),
      ];
    }
    if (kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      const input = `input ${definition.name.value}`;
      return [
        input,
        ...(definition.directives ?? []).map((directive) => `${input} ${print(directive)}`),
        ...(definition.fields ?? []).map((field) => `${input}.${inputLine(field)}`),
      ];
    }
    if (kind === Kind.ENUM_TYPE_DEFINITION)
      return (definition.values ?? []).map(({ name }) => `enum ${definition.name.value}.${name.value}`);
    return kind === Kind.SCALAR_TYPE_DEFINITION ? [`scalar ${definition.name.value}`] : [];
  });
}

function fieldLines(type: string, field: FieldDefinitionNode): string[] {
  const name = `${type}.${field.name.value}`;
  return [
    `${name}: ${print(field.type)}`,
    ...(field.arguments ?? []).map((argument) => `${name}(${inputLine(argument)})`),
  ];
}

function inputLine({ name, type, defaultValue }: InputValueDefinitionNode): string {
  return `${name.value}: ${print(type)}${defaultValue === undefined ? '' : ` = ${print(defaultValue)}`}`;
}

interface ServiceModel {
  readonly shapes: Readonly<
    Record<string, { readonly enum?: readonly string[] | Readonly<Record<string, string>> }>
  >;
}

// The contract lies next to this repository where it is developed; elsewhere there is nothing to compare with.
if (inHouse)
  describe('the schema keeps its contract', () => {
    let lines: Set<string>;
    beforeAll(async () => {
      lines = new Set(linesOf(await printedSchema(buildSchema())));
    });

    test('in every type, interface, key, field, argument, default, input and enum value', () => {
      const expected = linesOf(readFileSync(new URL('schema.graphql', contract), 'utf8'));
      expect(expected.length).toBeGreaterThan(150);
      expect(expected.filter((line) => !lines.has(line))).toEqual([]);
    });

    test("in the service model's own enum values", () => {
      const { shapes } = JSON.parse(
        readFileSync(new URL('service-model.json', contract), 'utf8'),
      ) as ServiceModel;
      const expected = ['ImageSetState', 'ImageSetWorkflowStatus', 'DatastoreStatus'].flatMap((name) => {
        const values = Object.values(shapes[name]?.enum ?? {});
        expect(values).not.toEqual([]);
        return values.map((value) => `enum ${name}.${value}`);
      });
      expect(expected.filter((line) => !lines.has(line))).toEqual([]);
    });
  });

test('every type, field, argument and enum value of the schema has a description', async () => {
  const bare: string[] = [];
  const look = ({ name, description }: Described) => {
    if ((description?.value ?? '').trim() === '') bare.push(name.value);
  };
  visit(parse(await printedSchema(buildSchema())), {
    ObjectTypeDefinition: look,
    InterfaceTypeDefinition: look,
    InputObjectTypeDefinition: look,
    EnumTypeDefinition: look,
    ScalarTypeDefinition: look,
    FieldDefinition: look,
    InputValueDefinition: look,
    EnumValueDefinition: look,
    DirectiveDefinition: () => false,
  });
  expect(bare).toEqual([]);
});

interface Described {
  readonly name: NameNode;
  readonly description?: StringValueNode | undefined;
}
