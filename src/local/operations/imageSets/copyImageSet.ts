import type {
  CopyDestinationImageSetProperties,
  CopyImageSetRequest,
  CopyImageSetResponse,
  ImageSetWorkflowStatus,
} from '@aws-sdk/client-medical-imaging';

import { copyInstances } from '../../edits/copyInstances.ts';
import { beginEdit } from '../../edits/pendingEdits.ts';
import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import type { StoredImageSet } from '../../store/imageSets.ts';
import type { Store } from '../../store/store.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { finishSoon } from './finishSoon.ts';
import { requireImageSet, requireLatest } from './requireImageSet.ts';

export const copyImageSet = route('CopyImageSet', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{sourceImageSetId}/copyImageSet',
  query: { force: 'force', promoteToPrimary: 'promoteToPrimary' },
  payload: 'copyImageSetInformation',
  // 260,000 characters, each of them escaped.
  maximumBodyBytes: 2 ** 21,
  handle(deps: Deps, input: RestJson<CopyImageSetRequest>): RestJson<CopyImageSetResponse> {
    const store = requireDatastore(deps.datastores, input.datastoreId);
    const { source, destination } = store.transaction(() => copy(store, input, deps.now()));
    finishSoon(deps, store);
    return {
      datastoreId: store.datastore.datastoreId,
      sourceImageSetProperties: propertiesOf(store, source, 'COPYING_WITH_READ_ONLY_ACCESS'),
      destinationImageSetProperties: propertiesOf(store, destination, 'COPYING'),
    };
  },
});

function copy(
  store: Store,
  {
    copyImageSetInformation,
    sourceImageSetId,
    force = false,
    promoteToPrimary = false,
  }: RestJson<CopyImageSetRequest>,
  now: number,
): { readonly source: StoredImageSet; readonly destination: StoredImageSet } {
  const { sourceImageSet, destinationImageSet } = copyImageSetInformation;
  const source = requireLatest(
    requireImageSet(store, { imageSetId: sourceImageSetId }),
    sourceImageSet.latestVersionId,
  );
  const known =
    destinationImageSet &&
    requireLatest(
      requireImageSet(store, { imageSetId: destinationImageSet.imageSetId }),
      destinationImageSet.latestVersionId,
    );
  if (known !== undefined && (promoteToPrimary || known.seq === source.seq))
    throw new ServiceError(
      'ValidationException',
      'Expected a destination that is another image set, and none to promote to primary.',
    );
  beginEdit(
    store,
    [
      { imageSetId: source.imageSetId, status: 'COPYING_WITH_READ_ONLY_ACCESS' },
      ...(known === undefined ? [] : [{ imageSetId: known.imageSetId, status: 'COPYING' } as const]),
    ],
    { kind: 'copy' },
  );
  const copiableAttributes = sourceImageSet.DICOMCopies?.copiableAttributes;
  const destination = copyInstances(
    store,
    { source, destination: known, copiableAttributes, force, promoteToPrimary },
    now,
  );
  if (known === undefined)
    beginEdit(store, [{ imageSetId: destination.imageSetId, status: 'COPYING' }], { kind: 'copy' });
  return { source, destination };
}

function propertiesOf(
  { datastore: { arn } }: Store,
  { imageSetId, version, createdAt, updatedAt }: StoredImageSet,
  imageSetWorkflowStatus: ImageSetWorkflowStatus,
): RestJson<CopyDestinationImageSetProperties> {
  return {
    imageSetId,
    latestVersionId: String(version),
    imageSetState: 'LOCKED',
    imageSetWorkflowStatus,
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
    imageSetArn: `${arn}/imageset/${imageSetId}`,
  };
}
