import { versionProperties, versionsBefore, workflowStatus } from '../store/imageSetVersions.ts';
import {
  defaultMaxResults,
  nextToken,
  openToken,
  requireImageSet,
  type ImageSetInput,
  type Operation,
  type PageInput,
} from './operation.ts';

export const listImageSetVersions: Operation<ImageSetInput & PageInput> = (context, input) => {
  const { store } = context;
  const imageSet = requireImageSet(context, input);
  const purpose = JSON.stringify(['ListImageSetVersions', store.datastore.datastoreId, imageSet.imageSetId]);
  const before = openToken(store, purpose, input.nextToken)?.seq ?? imageSet.version + 1;
  const limit = input.maxResults ?? defaultMaxResults;
  const versions = versionsBefore(store, imageSet, before, limit + 1);
  const page = versions.slice(0, limit);
  const last = versions.length > limit ? page.at(-1) : undefined;
  return {
    body: JSON.stringify({
      imageSetPropertiesList: page.map((version) => ({
        ...versionProperties(imageSet, version),
        // The model's own spelling, here only.
        ImageSetWorkflowStatus: workflowStatus(version.version),
      })),
      ...nextToken(store, purpose, last && { key: '', seq: last.version }),
    }),
  };
};
