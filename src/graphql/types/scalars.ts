import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

import { parseDicomDate, parseDicomTime, parseDicomUid } from '../../search/filter/dicomText.ts';

/**
 * A scalar for input whose text is turned into its canonical form.
 * @param parse undefined for text of another form: to graphql-js that is a wrong value, and what is thrown is a bug
 */
function textScalar<Value>(name: string, parse: (text: string) => Value | undefined) {
  const parseValue = (input: unknown) => (typeof input === 'string' ? parse(input) : undefined);
  return new GraphQLScalarType<Value | undefined, unknown>({
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
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

export const scalars = {
  DateTime: textScalar('DateTime', parseDateTime),
  DicomDate: textScalar('DicomDate', parseDicomDate),
  DicomTime: textScalar('DicomTime', parseDicomTime),
  DicomUid: textScalar('DicomUid', parseDicomUid),
  JSONObject: GraphQLJSONObject,
};
