import { stringify, type ResponseBytes, type ResponseForm } from '../writtenJson.ts';
import { requestScope, type RequestScope } from './requestScope.ts';

/** The text that Apollo Server has for a body that is bytes, which are in the request's scope. */
const bytesInScope = '';

/** Apollo Server's option: the body of a response, or what stands for it. */
export function stringifyResult(response: ResponseForm): string {
  const written = stringify(response);
  if (typeof written === 'string') return written;
  const scope = requestScope.getStore();
  if (scope === undefined) return Buffer.concat(written).toString();
  scope.bytes = written;
  return bytesInScope;
}

/** The bytes that a body stands for, once: the scope lives as long as the connections that were opened in it. */
export function takeBytes(body: string, scope: RequestScope): ResponseBytes | undefined {
  const { bytes } = scope;
  scope.bytes = undefined;
  return body === bytesInScope ? bytes : undefined;
}
