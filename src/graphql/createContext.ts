import type { CallOptions } from '../healthimaging/api.ts';
import { createLoaders } from '../healthimaging/loaders.ts';
import type { ContextRequest, RequestContext, Services } from './context.ts';

/** What a request's resolvers work with: loaders of its own, and a recorder of what it reads where that is audited. */
export function createContextFactory(services: Services) {
  return (request: ContextRequest, lifetime: CallOptions): RequestContext => {
    const { requestId, principal, address } = request;
    const call = { ...lifetime, requestId, caller: principal.id === '' ? address : principal.id };
    const audit = services.auditing?.recorder();
    const api = audit?.watch(services.api) ?? services.api;
    return {
      ...request,
      call,
      services: { ...services, api },
      loaders: createLoaders(api, call),
      spared: [],
      audit,
    };
  };
}
