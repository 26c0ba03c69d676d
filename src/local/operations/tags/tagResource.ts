import type { TagResourceRequest } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { longestTags } from '../../model/constraints.ts';
import { addTags } from '../../store/tagging/tags.ts';
import { route, type Deps } from '../route.ts';
import { requireResource } from './requireResource.ts';

export const tagResource = route('TagResource', {
  method: 'POST',
  path: '/tags/{resourceArn}',
  withSlashes: true,
  maximumBodyBytes: longestTags,
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { resourceArn, tags }: RestJson<TagResourceRequest>,
  ): Record<string, never> {
    const store = requireResource(datastores, resourceArn);
    store.transaction(() => {
      addTags(store, resourceArn, tags);
    });
    return {};
  },
});
