import type { Resolvers } from '../generated.ts';
import { scalars } from '../types/scalars.ts';
import { datastore } from './datastore.ts';
import { imagingSeries, imagingStudy, patient } from './entities.ts';
import { imageSet } from './imageSet.ts';
import { query } from './query.ts';

/** All other types are read from the plain objects behind them (`types/objects.ts`) as they are. */
export const resolvers: Resolvers = {
  ...scalars,
  Query: query,
  ImageSet: imageSet,
  Datastore: datastore,
  Patient: patient,
  ImagingStudy: imagingStudy,
  ImagingSeries: imagingSeries,
};
