import { getDatastore } from './datastores/getDatastore.ts';
import { listDatastores } from './datastores/listDatastores.ts';
import { deleteImageSet } from './imageSets/deleteImageSet.ts';
import { getImageSet } from './imageSets/getImageSet.ts';
import { getImageSetMetadata } from './imageSets/getImageSetMetadata.ts';
import { listImageSetVersions } from './imageSets/listImageSetVersions.ts';
import { searchImageSets } from './imageSets/searchImageSets.ts';
import { updateImageSetMetadata } from './imageSets/updateImageSetMetadata.ts';
import type { Route } from './route.ts';
import { unsupported } from './unsupported.ts';

export const routes: readonly Route[] = [
  deleteImageSet,
  getDatastore,
  getImageSet,
  getImageSetMetadata,
  listDatastores,
  listImageSetVersions,
  searchImageSets,
  updateImageSetMetadata,
  ...unsupported,
];
