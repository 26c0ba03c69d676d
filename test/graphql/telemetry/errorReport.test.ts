import { expect, test } from '@jest/globals';
import { buildSchema as parseSchema, execute, GraphQLError, Kind, parse, type FieldNode } from 'graphql';

import { errorTable, GatewayError, type ErrorCode } from '../../../src/errors.ts';
import { createFormatError, type FormatError } from '../../../src/graphql/errors/formatError.ts';
import { createErrorReport } from '../../../src/graphql/telemetry/errorReport.ts';
import { requestScope } from '../../../src/graphql/telemetry/requestScope.ts';
import { captureLog } from '../../support/capturedLog.ts';

const schema = parseSchema('type Query { book(isbn: ID): String }');
const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';
const plain = createFormatError({ schema, hideNames: false });

/** A report, with what it counts and logs. */
function reporting(formatError: FormatError = plain) {
  const counted: ErrorCode[] = [];
  const { log, lines, text } = captureLog();
  const report = createErrorReport({ formatError, countError: (code) => counted.push(code), log });
  const errorCodes = new Set<ErrorCode>();
  const operation = { type: undefined, name: undefined, errorCodes };
  return {
    ...{ counted, lines, text, errorCodes },
    /** The forms of errors that Apollo Server first tells its plugins of, then formats. */
    operationFails: (errors: readonly GraphQLError[]) =>
      requestScope.run({ requestId, operation }, async () => {
        const request = { errors } as never;
        const listener = await report.plugin.requestDidStart?.(request);
        await listener?.didEncounterErrors?.(request);
        return errors.map((error) => report.formatError(error));
      }),
    /** The form of an error that plugins are not told of. */
    requestFails: (error: unknown) =>
      requestScope.run({ requestId, operation }, () => report.formatError(error)),
    /** The form of the error that Apollo Server makes in place of one that a plugin threw. */
    pluginFails: (error: Error) =>
      requestScope.run({ requestId, operation }, async () => {
        await report.plugin.unexpectedErrorProcessingRequest?.({ requestContext: {} as never, error });
        return report.formatError(new Error('Internal server error'));
      }),
  };
}

const internal = {
  message: errorTable.INTERNAL_SERVER_ERROR.message,
  extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
};

test('each error of an operation is counted, and each code is noted once for the request', async () => {
  const { operationFails, counted, errorCodes, lines } = reporting();
  const errors = (['NOT_FOUND', 'UPSTREAM_TIMEOUT', 'NOT_FOUND'] as const).map(
    (code) => new GraphQLError('x', { originalError: new GatewayError(code) }),
  );
  const forms = await operationFails(errors);
  expect(forms.map(({ extensions }) => extensions)).toEqual([
    { code: 'NOT_FOUND', retryable: false, requestId },
    { code: 'UPSTREAM_TIMEOUT', retryable: true, requestId },
    { code: 'NOT_FOUND', retryable: false, requestId },
  ]);
  expect(counted).toEqual(['NOT_FOUND', 'UPSTREAM_TIMEOUT', 'NOT_FOUND']);
  expect([...errorCodes]).toEqual(['NOT_FOUND', 'UPSTREAM_TIMEOUT']);
  expect(lines()).toEqual([]);
});

test('an error that Apollo Server tells no plugin of is counted and noted when it is formatted', () => {
  const { requestFails, counted, errorCodes } = reporting();
  expect(requestFails(new GatewayError('AUDIT_UNAVAILABLE'))).toMatchObject({
    extensions: { code: 'AUDIT_UNAVAILABLE', requestId },
  });
  expect([counted, [...errorCodes]]).toEqual([['AUDIT_UNAVAILABLE'], ['AUDIT_UNAVAILABLE']]);
});

test('an internal error is logged by its class and the field’s name in the schema, without message or alias', async () => {
  const { operationFails, counted, lines, text } = reporting();
  const rootValue = {
    book() {
      throw new TypeError('SECRET');
    },
  };
  const document = parse('{ SECRET: book(isbn: "SECRET") }');
  const { errors = [] } = await execute({ schema, document, rootValue });
  expect(await operationFails(errors)).toEqual([
    { ...internal, locations: [{ line: 1, column: 3 }], path: ['SECRET'] },
  ]);
  expect(counted).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(lines()).toMatchObject([
    { level: 50, err: { type: 'TypeError' }, field: 'book', requestId, msg: 'internal error' },
  ]);
  expect(text()).not.toContain('SECRET');
});

test('an internal error outside a field is logged without one', async () => {
  const { operationFails, lines } = reporting();
  const nodes = parse('{ book }').definitions;
  const field: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'book' } };
  await operationFails([
    new GraphQLError('x', { nodes: [field] }),
    new GraphQLError('x', { nodes, path: ['a'] }),
    new GraphQLError('x', { path: ['a'] }),
  ]);
  expect(lines().map((line) => line['field'])).toEqual([undefined, undefined, undefined]);
});

test('whatever a plugin throws is an internal error, counted and logged once', async () => {
  const { pluginFails, counted, lines } = reporting();
  expect(await pluginFails(new GatewayError('NOT_FOUND'))).toEqual(internal);
  expect(counted).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(lines()).toMatchObject([{ err: { type: 'GatewayError', code: 'NOT_FOUND' }, requestId }]);
});

test('a formatter that throws is logged, and the client is told of an internal error', () => {
  const { requestFails, counted, errorCodes, lines } = reporting(() => {
    throw new RangeError('SECRET');
  });
  expect(requestFails(new GatewayError('NOT_FOUND'))).toEqual(internal);
  expect([counted, [...errorCodes]]).toEqual([['INTERNAL_SERVER_ERROR'], ['INTERNAL_SERVER_ERROR']]);
  expect(lines()).toMatchObject([{ err: { type: 'RangeError' }, requestId }]);
});
