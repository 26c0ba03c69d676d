import { createDatastore } from './datastores/createDatastore.ts';
import { deleteDatastore } from './datastores/deleteDatastore.ts';
import { getDatastore } from './datastores/getDatastore.ts';
import { listDatastores } from './datastores/listDatastores.ts';
import { copyImageSet } from './imageSets/copyImageSet.ts';
import { deleteImageSet } from './imageSets/deleteImageSet.ts';
import { getImageSet } from './imageSets/getImageSet.ts';
import { getImageSetMetadata } from './imageSets/getImageSetMetadata.ts';
import { listImageSetVersions } from './imageSets/listImageSetVersions.ts';
import { searchImageSets } from './imageSets/searchImageSets.ts';
import { updateImageSetMetadata } from './imageSets/updateImageSetMetadata.ts';
import type { Route } from './route.ts';
import { getDICOMImportJob } from './importJobs/getDICOMImportJob.ts';
import { listDICOMImportJobs } from './importJobs/listDICOMImportJobs.ts';
import { startDICOMImportJob } from './importJobs/startDICOMImportJob.ts';
import { listTagsForResource } from './tags/listTagsForResource.ts';
import { tagResource } from './tags/tagResource.ts';
import { untagResource } from './tags/untagResource.ts';
import { unsupported } from './unsupported.ts';

export const routes: readonly Route[] = [
  copyImageSet,
  createDatastore,
  deleteDatastore,
  deleteImageSet,
  getDatastore,
  getDICOMImportJob,
  getImageSet,
  getImageSetMetadata,
  listDatastores,
  listDICOMImportJobs,
  listImageSetVersions,
  listTagsForResource,
  searchImageSets,
  startDICOMImportJob,
  tagResource,
  untagResource,
  updateImageSetMetadata,
  ...unsupported,
];
