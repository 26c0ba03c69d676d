import * as sdk from '@aws-sdk/client-medical-imaging';
import { expect, test } from '@jest/globals';

import { awsErrorNames, refusedRequest, type Failure } from '../src/awsErrorNames.ts';
import { toGatewayError } from '../src/healthimaging/sdk/failure.ts';
import { errorNames } from '../src/log/errorNames.ts';
import { serializeError } from '../src/log/serializeError.ts';

const { signal } = new AbortController();
const table = (Object.entries(awsErrorNames) as [Failure, readonly string[]][]).flatMap(([failure, names]) =>
  names.map((name) => ({ name, failure })),
);
const names = table.map(({ name }) => name);

/** As the SDK throws it, with a status that says nothing by itself. */
function errorOf(name: string): Error {
  return Object.assign(new Error('Sample^Ada'), {
    name,
    $metadata: { httpStatusCode: 418 },
    $fault: 'client',
  });
}

test.each(table)('$name is $failure, and may be named in a log', ({ name, failure }) => {
  const codeOf = (withToken: boolean) => toGatewayError(errorOf(name), { withToken, signal }).code;
  const expected = failure === refusedRequest ? ['BAD_USER_INPUT', 'CURSOR_EXPIRED'] : [failure, failure];
  expect([codeOf(false), codeOf(true)]).toEqual(expected);
  expect(serializeError(errorOf(name))['type']).toBe(name);
});

test('a log may name the errors of the table, and of others only AbortError', () => {
  expect([...errorNames].sort()).toEqual([...names, 'AbortError'].sort());
});

test('each name has one meaning', () => {
  expect(new Set(names).size).toBe(names.length);
});

test('the exceptions of the SDK, which are those of the service model, are in the table', () => {
  const exceptions = Object.entries(sdk)
    .filter(([, member]) => isSubclass(member, sdk.MedicalImagingServiceException))
    .map(([name]) => name);
  expect(exceptions).toContain('ThrottlingException');
  expect(exceptions.filter((name) => !names.includes(name))).toEqual([]);
});

function isSubclass(member: unknown, parent: object): boolean {
  return typeof member === 'function' && Object.getPrototypeOf(member) === parent;
}
