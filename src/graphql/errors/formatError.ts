import { GraphQLError, Kind, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';

import { GatewayError, isErrorCode, type ErrorCode } from '../../errors.ts';
import { badRequestMessage, isRefusal } from './requestMessages.ts';
import { messageWithoutNames } from './hiddenSchema.ts';
import { expectationAt } from './inputExpectation.ts';
import { tokenLimitMessage } from '../limits/operationExcess.ts';
import { requestScope } from '../telemetry/requestScope.ts';

/** How often each code went out; the metrics count them. */
export type CountError = (code: ErrorCode) => void;

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

export interface FormatErrorOptions {
  readonly schema: GraphQLSchema;
  /** Whether messages may teach names of the schema that the client did not send. */
  readonly hideNames: boolean;
  readonly countError: CountError;
}

type SchemaView = Pick<FormatErrorOptions, 'schema' | 'hideNames'>;

/** Of one error: names may be as long as a request, and a conflict of fields has the place of each. */
const longestMessage = 400;
const mostLocations = 4;

/**
 * The one place where an error takes the form that clients see: a message of the catalogue, places and path, and
 * `extensions` of code, retryable, retryAfterMs and requestId. Values of the request or of an answer never pass.
 */
export function createFormatError({ schema, hideNames, countError }: FormatErrorOptions): FormatError {
  return (formatted, error) => {
    // What a resolver or a check before execution threw; graphql-js wraps it to add the place.
    const thrown = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    const gatewayError =
      thrown instanceof GatewayError ? thrown : translate({ schema, hideNames }, formatted, error);
    countError(gatewayError.code);
    const scope = requestScope.getStore();
    scope?.operation.errorCodes.add(gatewayError.code);
    if (gatewayError.code === 'INTERNAL_SERVER_ERROR') {
      scope?.log.error(
        { err: thrown, field: fieldOf(formatted, error), requestId: scope.requestId },
        'a fault of the gateway',
      );
    }
    return {
      message: bounded((hideNames ? gatewayError.messageWithoutNames : undefined) ?? gatewayError.message),
      ...(formatted.locations !== undefined && { locations: formatted.locations.slice(0, mostLocations) }),
      ...(formatted.path !== undefined && { path: formatted.path }),
      extensions: {
        code: gatewayError.code,
        retryable: gatewayError.retryable,
        ...(gatewayError.retryAfterMs !== undefined && { retryAfterMs: gatewayError.retryAfterMs }),
        ...(scope !== undefined && { requestId: scope.requestId }),
      },
    };
  };
}

/** By its name in the schema: a path is of the client's aliases. Only execution gives one, and then the field is known. */
function fieldOf({ path }: GraphQLFormattedError, error: unknown): string | undefined {
  const node = path !== undefined && error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  return node?.kind === Kind.FIELD ? node.name.value : undefined;
}

/** Errors that graphql-js and Apollo Server made. Their messages may quote the request: most are replaced. */
function translate(view: SchemaView, formatted: GraphQLFormattedError, error: unknown): GatewayError {
  const code = codeOf(formatted, error);
  const tokenLimit = tokenLimitMessage(formatted.message);
  if (code === 'GRAPHQL_PARSE_FAILED' && tokenLimit !== undefined)
    return new GatewayError('OPERATION_LIMIT_EXCEEDED', { message: tokenLimit });
  const message =
    code === 'BAD_REQUEST' ? badRequestMessage(formatted.message) : safeMessage(view, code, formatted, error);
  return new GatewayError(code, message === undefined ? {} : { message });
}

function codeOf(formatted: GraphQLFormattedError, error: unknown): ErrorCode {
  const code = formatted.extensions?.['code'];
  if (code === 'INTERNAL_SERVER_ERROR' && isArgumentError(error)) return 'BAD_USER_INPUT';
  // Apollo Server gives some refusals of a malformed request a status of HTTP, and no code.
  if (code === 'INTERNAL_SERVER_ERROR' && isRefusal(error)) return 'BAD_REQUEST';
  return isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}

function bounded(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}...`;
}

/** An argument that only execution found wrong, a variable being null: graphql-js gives it no code, and wraps its own error. */
function isArgumentError(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  const { originalError } = error;
  const isOfGraphql = originalError === undefined || originalError instanceof GraphQLError;
  return isOfGraphql && valueOffset(error, 'BAD_USER_INPUT') !== undefined;
}

function safeMessage(
  { schema, hideNames }: SchemaView,
  code: ErrorCode,
  formatted: GraphQLFormattedError,
  error: unknown,
): string | undefined {
  if (code !== 'GRAPHQL_VALIDATION_FAILED' && code !== 'BAD_USER_INPUT') return undefined;
  if (!(error instanceof GraphQLError)) return undefined;
  const source = error.source?.body;
  const offset = valueOffset(error, code);
  if (source !== undefined && offset !== undefined) {
    const expected = expectationAt(schema, { source, offset, hideNames });
    return expected === undefined ? undefined : `Expected ${expected}.`;
  }
  if (code === 'GRAPHQL_VALIDATION_FAILED' && hideNames) return messageWithoutNames(error);
  // What is left of validation speaks of names: fields, types, arguments, variables, fragments, directives.
  return code === 'GRAPHQL_VALIDATION_FAILED' && !namesValue(formatted.message)
    ? formatted.message
    : undefined;
}

function namesValue(message: string): boolean {
  return message.includes(', found ') || message.includes(' cannot represent ');
}

/** Validation speaks of a variable by its name, execution of what should have been in its place. */
function valueOffset({ nodes }: GraphQLError, code: ErrorCode): number | undefined {
  const [node] = nodes ?? [];
  const kinds = code === 'BAD_USER_INPUT' ? /Value$|^ObjectField$|^Variable$/ : /Value$|^ObjectField$/;
  return node !== undefined && kinds.test(node.kind) ? node.loc?.start : undefined;
}
