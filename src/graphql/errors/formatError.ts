import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';

import { GatewayError, type ErrorCode } from '../../errors.ts';
import { errorCodeOf, thrownIn } from './errorCode.ts';
import { messageWithoutNames } from './hiddenSchema.ts';
import { expectationAt, valueOffset } from './inputExpectation.ts';
import { requestMessage, tokenLimitMessage } from './requestMessages.ts';

/** An error as clients see it. */
export interface ErrorForm extends GraphQLFormattedError {
  readonly extensions: {
    readonly code: ErrorCode;
    readonly retryable: boolean;
    /** Milliseconds. */
    readonly retryAfterMs?: number;
    readonly requestId?: string;
  };
}

/** @param requestId of the HTTP request that is answered with the error */
export type FormatError = (error: unknown, requestId?: string) => ErrorForm;

export interface SchemaView {
  readonly schema: GraphQLSchema;
  /** Whether messages may not name parts of the schema that the client did not name itself. */
  readonly hideNames: boolean;
}

/** In characters: a message may hold a name of the document, and that may be as long as the request. */
const longestMessage = 400;
/** An error about conflicting fields has the location of each of them. */
const mostLocations = 4;

/**
 * The one place where an error takes the form that clients see: a message of the catalogue or about names of the schema,
 * never with a value of the request or of HealthImaging's response. Pure: telemetry/errorReport.ts counts and logs.
 */
export function createFormatError(view: SchemaView): FormatError {
  return (error, requestId) => {
    const gatewayError = gatewayErrorOf(error, view);
    const message = view.hideNames ? gatewayError.messageWithoutNames : undefined;
    const { locations, path } = error instanceof GraphQLError ? error : {};
    return {
      ...errorForm(gatewayError, requestId, message),
      ...(locations !== undefined && { locations: locations.slice(0, mostLocations) }),
      ...(path !== undefined && { path }),
    };
  };
}

/** The form of an error that is about no place in a document. */
export function errorForm(
  { code, retryable, retryAfterMs, message: ownMessage }: GatewayError,
  requestId: string | undefined,
  message = ownMessage,
): ErrorForm {
  return {
    message: message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}...`,
    extensions: {
      code,
      retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(requestId !== undefined && { requestId }),
    },
  };
}

/** Messages of graphql-js and Apollo Server may quote the request: all are replaced but those that only hold names. */
function gatewayErrorOf(error: unknown, view: SchemaView): GatewayError {
  const thrown = thrownIn(error);
  if (thrown instanceof GatewayError) return thrown;
  const code = errorCodeOf(error);
  const message = error instanceof GraphQLError ? messageFor(code, error, view) : undefined;
  return new GatewayError(code, message === undefined ? {} : { message });
}

/** @returns undefined for the error table's message */
function messageFor(code: ErrorCode, error: GraphQLError, view: SchemaView): string | undefined {
  if (code === 'OPERATION_LIMIT_EXCEEDED') return tokenLimitMessage(error.message);
  if (code === 'BAD_REQUEST') return requestMessage(error.message);
  if (code !== 'BAD_USER_INPUT' && code !== 'GRAPHQL_VALIDATION_FAILED') return undefined;
  const offset = valueOffset(error, code);
  if (offset !== undefined && error.source !== undefined) {
    const expected = expectationAt(view.schema, {
      source: error.source.body,
      offset,
      hideNames: view.hideNames,
    });
    return expected === undefined ? undefined : `Expected ${expected}.`;
  }
  return code === 'GRAPHQL_VALIDATION_FAILED' ? namesMessage(error, view) : undefined;
}

/** graphql-js' validation messages speak of names, where they do not quote a value: of fields, types, arguments, fragments. */
function namesMessage(error: GraphQLError, { hideNames }: SchemaView): string | undefined {
  if (hideNames) return messageWithoutNames(error);
  const quotesValue = error.message.includes(', found ') || error.message.includes(' cannot represent ');
  return quotesValue ? undefined : error.message;
}
