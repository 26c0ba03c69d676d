import type { UntagResourceRequest } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { removeTags } from '../../store/tagging/tags.ts';
import { route, type Deps } from '../route.ts';
import { requireResource } from './requireResource.ts';

export const untagResource = route('UntagResource', {
  method: 'DELETE',
  path: '/tags/{resourceArn}',
  withSlashes: true,
  query: { tagKeys: 'tagKeys' },
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { resourceArn, tagKeys }: RestJson<UntagResourceRequest>,
  ): Record<string, never> {
    const store = requireResource(datastores, resourceArn);
    store.transaction(() => {
      removeTags(store, resourceArn, tagKeys);
    });
    return {};
  },
});
