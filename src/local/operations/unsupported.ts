import { ServiceError } from '../serviceError.ts';
import type { RequestBinding, Route } from './route.ts';

/** The service's other operations. A caller is told so plainly, rather than left to look for a mistake in its request. */
export const unsupported: readonly Route[] = [
  refuse('GetImageFrame', 'POST', '/datastore/{datastoreId}/imageSet/{imageSetId}/getImageFrame', 'runtime-'),
];

function refuse(
  operation: string,
  method: RequestBinding['method'],
  path: string,
  hostPrefix?: RequestBinding['hostPrefix'],
): Route {
  return {
    operation,
    method,
    path,
    ...(hostPrefix !== undefined && { hostPrefix }),
    input: { type: 'structure', members: {} },
    call: () =>
      Promise.reject(
        new ServiceError('ValidationException', `${operation} is not supported by the local HealthImaging.`),
      ),
  };
}
