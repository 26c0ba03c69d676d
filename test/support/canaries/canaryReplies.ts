import { once } from 'node:events';
import { request as open, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

import { canaries } from './canaries.ts';
import type { CanaryRequest } from './canaryRequests.ts';

export interface Reply {
  readonly form: string;
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

export interface GraphqlBody {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: { readonly code: string };
  }[];
}

export async function send(
  url: string,
  { form, method = 'POST', path = '/graphql', headers, body }: CanaryRequest,
): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const sent = open({
    hostname,
    port,
    path,
    method,
    headers: { ...headers, connection: 'close' },
    agent: false,
  });
  // Refused before it is all sent, a large body meets a closed connection.
  sent.on('error', () => undefined);
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    form,
    status: answer.statusCode ?? 0,
    headers: answer.rawHeaders.join('\n'),
    body: await textOf(answer),
  };
}

export function parsed({ body }: Reply): GraphqlBody {
  try {
    return JSON.parse(body) as GraphqlBody;
  } catch {
    return {};
  }
}

/** Every `cursor` and `endCursor` of an answer. */
export function cursorsOf(reply: Reply): string[] {
  return [...reply.body.matchAll(/"(?:endC|c)ursor":"([^"]+)"/g)].map(([, cursor = '']) => cursor);
}

/**
 * What a reply says beside the data that were asked for. Two exceptions, both names that the client gave to its own things
 * and is told back: a path has response keys (GraphQL, section 7.1.2), so an alias, and what is wrong with a variable is
 * said by the variable's name. A third one where it is no production: what a document may not hold is told by its name.
 */
export function errorsOf(reply: Reply, { production }: { readonly production: boolean }): string {
  const { data, errors } = parsed(reply);
  if (data === undefined && errors === undefined) return `${reply.headers}\n${reply.body}`;
  const { aliasName, variableName, operationName, fieldName } = canaries;
  const withoutNames = errors?.map(({ message, path, extensions, ...error }) => {
    const isOfDocument = !production && extensions.code === 'GRAPHQL_VALIDATION_FAILED';
    const told = [`$${variableName}`, ...(isOfDocument ? [operationName, fieldName] : [])];
    return {
      ...error,
      extensions,
      path: path?.filter((key) => key !== aliasName),
      message: told.reduce((text, name) => text.replaceAll(name, ''), message),
    };
  });
  return `${reply.headers}\n${JSON.stringify(withoutNames ?? [])}`;
}
