import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

import { parseDicomDate, parseDicomTime, parseDicomUid } from '../../search/filter/dicomText.ts';
import { expectedScalarForm } from '../errors/inputExpectation.ts';

/** A scalar for input whose text is turned into its canonical form; refuses in words that never quote the value. */
function textScalar<Value>(name: string, parse: (text: string) => Value | undefined) {
  const parseValue = (input: unknown): Value => {
    const value = typeof input === 'string' ? parse(input) : undefined;
    // No GraphQLError: validation would report that without its place in the document.
    if (value === undefined) throw new TypeError(`Expected ${expectedScalarForm(name)}.`);
    return value;
  };
  return new GraphQLScalarType<Value, unknown>({
    name,
    parseValue,
    parseLiteral: (node: ValueNode) => parseValue(node.kind === Kind.STRING ? node.value : undefined),
    // The adapter made the text: no Date in between, which would cost more than the rest of the field.
    serialize: (output) => output,
  });
}

function parseDateTime(text: string): Date | undefined {
  try {
    const date = GraphQLDateTime.parseValue(text);
    return Number.isNaN(date.getTime()) ? undefined : date;
  } catch {
    return undefined;
  }
}

export const scalars = {
  DateTime: textScalar('DateTime', parseDateTime),
  DicomDate: textScalar('DicomDate', parseDicomDate),
  DicomTime: textScalar('DicomTime', parseDicomTime),
  DicomUid: textScalar('DicomUid', parseDicomUid),
  JSONObject: GraphQLJSONObject,
};
