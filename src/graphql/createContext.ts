import type { CallOptions } from '../healthimaging/api.ts';
import { createLoaders } from '../healthimaging/loaders.ts';
import type { ContextRequest, RequestContext, Services } from './context.ts';

/** How long a request may be worked on, and when it has ended. */
export interface ContextLifetime extends CallOptions {
  /** Calls that when nothing of the request is held any longer. */
  readonly onEnd?: (ended: () => void) => void;
}

/** What a request's resolvers work with: loaders of its own, and a recorder of what it reads where that is audited. */
export function createContextFactory(services: Services) {
  return (request: ContextRequest, { onEnd, ...lifetime }: ContextLifetime): RequestContext => {
    const { requestId, principal, address } = request;
    const call = { ...lifetime, requestId, caller: principal.id === '' ? address : principal.id };
    const audit = services.auditing?.recorder();
    const api = audit?.watch(services.api) ?? services.api;
    const metadataShare = services.metadataRoom.share();
    onEnd?.(() => metadataShare.close());
    return {
      ...request,
      call,
      services: { ...services, api },
      loaders: createLoaders(api, { ...call, metadataShare }),
      whenAnswered: onEnd ?? (() => undefined),
      spared: [],
      audit,
    };
  };
}
