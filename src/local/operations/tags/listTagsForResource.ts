import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { tagsOf } from '../../store/tagging/tags.ts';
import { route, type Deps } from '../route.ts';
import { requireResource } from './requireResource.ts';

export const listTagsForResource = route('ListTagsForResource', {
  method: 'GET',
  path: '/tags/{resourceArn}',
  withSlashes: true,
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { resourceArn }: RestJson<ListTagsForResourceRequest>,
  ): RestJson<ListTagsForResourceResponse> {
    return { tags: tagsOf(requireResource(datastores, resourceArn), resourceArn) };
  },
});
