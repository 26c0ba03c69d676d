import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  BREAK,
  type GraphQLError,
} from 'graphql';

/** What each scalar expects, as messages say it. */
const scalarForms: Readonly<Record<string, string>> = {
  Int: 'a 32-bit whole number',
  Float: 'a number',
  String: 'text',
  Boolean: 'true or false',
  ID: 'text or a whole number',
  DateTime: 'RFC 3339 text with a zone, such as "2026-11-02T08:15:00Z"',
  DicomDate: 'a calendar day as "YYYYMMDD" or "YYYY-MM-DD"',
  DicomTime: 'a time of day as "HHMMSS", "HHMMSS.FFFFFF", "HH:MM:SS" or "HH:MM:SS.ffffff"',
  DicomUid: 'a DICOM unique identifier: 1 to 64 digits and dots, in quotes',
};

/** Of nodes that stand for a value. */
const valueKinds = /Value$|^ObjectField$|^Variable$/;

/**
 * What is expected where a value of this type goes.
 * @param hideNames whether to say so without names of the schema
 */
export function expectationOf(type: GraphQLInputType, hideNames: boolean): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return `a list, each ${expectationOf(nullable.ofType, hideNames)}`;
  if (hideNames) return expectationWithoutNames(nullable);
  if (isEnumType(nullable)) {
    return `${nullable.name}: one of ${nullable
      .getValues()
      .map(({ name }) => name)
      .join(', ')}`;
  }
  if (isInputObjectType(nullable)) {
    const fields = Object.keys(nullable.getFields()).join(', ');
    return nullable.isOneOf
      ? `${nullable.name}: exactly one of ${fields}, and not null`
      : `${nullable.name}: an object of ${fields}`;
  }
  return scalarForms[nullable.name] ?? nullable.name;
}

function expectationWithoutNames(type: GraphQLNamedInputType): string {
  if (isEnumType(type)) return 'one of the values that its type has';
  if (isInputObjectType(type)) {
    return type.isOneOf
      ? 'an object with exactly one of the members that its type has, and not null'
      : 'an object with the members that its type has';
  }
  return scalarForms[type.name] ?? 'a value of its type';
}

/** The type at a path of field names and list indices below a type, or where the path leaves the schema. */
export function typeAtPath(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  const [step, ...rest] = path;
  if (step === undefined) return type;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return typeAtPath(nullable.ofType, rest);
  if (!isInputObjectType(nullable)) return type;
  const field = nullable.getFields()[step];
  return field === undefined ? type : typeAtPath(field.type, rest);
}

/**
 * Where the value stands in its document that an error is about; undefined for an error about something else. Where
 * validation names a variable it is about the variable; where execution does, it is about the variable's value.
 */
export function valueOffset(
  { nodes }: GraphQLError,
  code: 'BAD_USER_INPUT' | 'GRAPHQL_VALIDATION_FAILED',
): number | undefined {
  const [node] = nodes ?? [];
  if (node === undefined || (node.kind === Kind.VARIABLE && code === 'GRAPHQL_VALIDATION_FAILED'))
    return undefined;
  return valueKinds.test(node.kind) ? node.loc?.start : undefined;
}

/** What a value in a document should have been: looked up by its place, since errors do not carry the type. */
export function expectationAt(
  schema: GraphQLSchema,
  {
    source,
    offset,
    hideNames,
  }: { readonly source: string; readonly offset: number; readonly hideNames: boolean },
): string | undefined {
  const typeInfo = new TypeInfo(schema);
  let expected: string | undefined;
  visit(
    parse(source),
    visitWithTypeInfo(typeInfo, {
      enter(node) {
        if (node.loc?.start !== offset || !valueKinds.test(node.kind)) return undefined;
        const type =
          node.kind === Kind.OBJECT_FIELD ? typeInfo.getParentInputType() : typeInfo.getInputType();
        if (type === undefined || type === null) return undefined;
        expected = expectationOf(type, hideNames);
        return BREAK;
      },
    }),
  );
  return expected;
}
