import { expect, test } from '@jest/globals';
import { buildSchema as parseSchema, execute, parse } from 'graphql';

import { anonymousPrincipal } from '../../../src/auth/principal.ts';
import { createApollo } from '../../../src/graphql/apollo.ts';
import type { RequestContext } from '../../../src/graphql/context.ts';
import { createFormatError } from '../../../src/graphql/errors/formatError.ts';
import { requestScope } from '../../../src/graphql/telemetry/requestScope.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import type { Log } from '../../../src/log/log.ts';
import { captureLog } from '../../support/capturedLog.ts';

const secret = 'Sample_Ada';
const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';

function inScope<Result>(log: Log, work: () => Result): Result {
  const operation = { type: undefined, name: undefined, errorCodes: new Set<never>() };
  return requestScope.run({ requestId, log, operation }, work);
}

const place: unknown = expect.arrayContaining([
  expect.stringMatching(/^test\/graphql\/errors\/internalFault\.test\.ts:/),
]);

test('a fault of a resolver is logged by its class, place and field, not by its message or alias', async () => {
  const { log, lines, text } = captureLog();
  const schema = parseSchema('type Query { patients: String }');
  const rootValue = {
    patients() {
      throw new TypeError(`no patient ${secret}`);
    },
  };
  const { errors = [] } = await execute({ schema, document: parse(`{ ${secret}: patients }`), rootValue });
  const formatError = createFormatError({ schema, hideNames: true, countError: () => undefined });
  const answers = inScope(log, () => errors.map((error) => formatError(error.toJSON(), error)));
  expect(answers.map(({ message, extensions }) => [message, extensions])).toEqual([
    [
      'A fault of the gateway. Its log tells more under the requestId.',
      { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
    ],
  ]);
  expect(lines()).toEqual([
    {
      level: 50,
      time: expect.any(Number),
      err: { type: 'TypeError', at: place },
      field: 'patients',
      requestId,
      msg: 'a fault of the gateway',
    },
  ]);
  expect(text()).not.toContain(secret);
});

test('a fault around the operation is logged so, too, and Apollo Server says nothing of it but from where', async () => {
  const { log, lines, text } = captureLog();
  const apollo = createApollo({
    schema: buildSchema({ scopeDirectives: false }),
    introspection: false,
    limiting: { parseOptions: {}, validationRules: [], plugins: [] },
    auditing: undefined,
    countError: () => undefined,
    safelist: undefined,
    log,
    observeOperation() {
      throw new TypeError(`no patient ${secret}`);
    },
  });
  await apollo.start();
  const contextValue = { requestId, principal: anonymousPrincipal([]) } as unknown as RequestContext;
  const query = `query ${secret} { __typename }`;
  await expect(inScope(log, () => apollo.executeOperation({ query }, { contextValue }))).rejects.toThrow(
    'Internal server error',
  );
  await apollo.stop();
  const line = { level: 50, time: expect.any(Number) };
  expect(lines()).toEqual([
    { ...line, err: { type: 'TypeError', at: place }, requestId, msg: 'a fault of the gateway' },
    {
      ...line,
      err: {
        type: 'Error',
        at: expect.arrayContaining([expect.stringContaining('node_modules/@apollo/server/')]),
      },
      msg: 'a word of Apollo Server',
    },
  ]);
  expect(text()).not.toContain(secret);
});
