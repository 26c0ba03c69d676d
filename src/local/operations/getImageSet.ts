import { versionProperties, versionsBefore, workflowStatus } from '../store/imageSetVersions.ts';
import { requireImageSet, requireVersion, type ImageSetInput, type Operation } from './operation.ts';

/** Not an access: AWS counts those of metadata and pixels only. */
export const getImageSet: Operation<ImageSetInput> = (context, input) => {
  const { datastore } = context.store;
  const imageSet = requireImageSet(context, input);
  const version = requireVersion(imageSet, input.versionId);
  const [found] = versionsBefore(context.store, imageSet, version + 1, 1);
  const { lastAccessedAt } = imageSet;
  return {
    body: JSON.stringify({
      datastoreId: datastore.datastoreId,
      ...versionProperties(imageSet, found ?? imageSet),
      imageSetWorkflowStatus: workflowStatus(version),
      imageSetArn: `${datastore.arn}/imageset/${imageSet.imageSetId}`,
      ...(lastAccessedAt !== null && { lastAccessedAt: lastAccessedAt / 1000 }),
      storageTier: 'FREQUENT_ACCESS',
    }),
  };
};
