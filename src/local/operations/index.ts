import { inputs, type OperationName } from '../model/constraints.ts';
import { deserialize } from '../model/deserialize.ts';
import { ServiceError } from '../serviceError.ts';
import { validate } from '../model/validate.ts';
import { getDatastore } from './getDatastore.ts';
import { getImageSet } from './getImageSet.ts';
import { getImageSetMetadata } from './getImageSetMetadata.ts';
import { listDatastores } from './listDatastores.ts';
import { listImageSetVersions } from './listImageSetVersions.ts';
import type { Answer, Operation, OperationContext } from './operation.ts';
import { searchImageSets } from './searchImageSets.ts';

/** Where the model binds an operation's input. */
export interface Route {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{member}` for a label. */
  readonly path: string;
  /** Input members by query parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** The input member that is the whole body. */
  readonly payload?: string;
  readonly answer: (
    context: OperationContext,
    input: Readonly<Record<string, unknown>>,
  ) => Answer | Promise<Answer>;
}

const imageSetPath = '/datastore/{datastoreId}/imageSet/{imageSetId}';
const pageQuery = { maxResults: 'maxResults', nextToken: 'nextToken' };
const versionQuery = { version: 'versionId' };

/** The one place where requests become typed: what comes out of deserialize and validate has the shape that the model gives it. */
function checked<Input>(
  operation: OperationName,
  answer: Operation<Input>,
): Pick<Route, 'operation' | 'answer'> {
  return {
    operation,
    answer: (context, raw) => {
      const input = deserialize(inputs[operation], raw, '') as Readonly<Record<string, unknown>>;
      validate(inputs[operation], input);
      return answer(context, input as Input);
    },
  };
}

/** An operation of the service that is not built: said plainly, so that nobody looks for a fault in the request. */
function unsupported(operation: string, method: Route['method'], path: string): Route {
  return {
    operation,
    method,
    path,
    query: {},
    answer: () => {
      throw new ServiceError(
        'ValidationException',
        `${operation} is not supported by the local HealthImaging.`,
      );
    },
  };
}

export const routes: readonly Route[] = [
  {
    ...checked('SearchImageSets', searchImageSets),
    method: 'POST',
    path: '/datastore/{datastoreId}/searchImageSets',
    query: pageQuery,
    payload: 'searchCriteria',
  },
  {
    ...checked('GetImageSet', getImageSet),
    method: 'POST',
    path: `${imageSetPath}/getImageSet`,
    query: versionQuery,
  },
  {
    ...checked('GetImageSetMetadata', getImageSetMetadata),
    method: 'POST',
    path: `${imageSetPath}/getImageSetMetadata`,
    query: versionQuery,
  },
  {
    ...checked('ListImageSetVersions', listImageSetVersions),
    method: 'POST',
    path: `${imageSetPath}/listImageSetVersions`,
    query: pageQuery,
  },
  { ...checked('GetDatastore', getDatastore), method: 'GET', path: '/datastore/{datastoreId}', query: {} },
  {
    ...checked('ListDatastores', listDatastores),
    method: 'GET',
    path: '/datastore',
    query: { ...pageQuery, datastoreStatus: 'datastoreStatus' },
  },
  unsupported('GetImageFrame', 'POST', `${imageSetPath}/getImageFrame`),
  unsupported('CopyImageSet', 'POST', '/datastore/{datastoreId}/imageSet/{sourceImageSetId}/copyImageSet'),
  unsupported('DeleteImageSet', 'POST', `${imageSetPath}/deleteImageSet`),
  unsupported('UpdateImageSetMetadata', 'POST', `${imageSetPath}/updateImageSetMetadata`),
  unsupported('CreateDatastore', 'POST', '/datastore'),
  unsupported('DeleteDatastore', 'DELETE', '/datastore/{datastoreId}'),
  unsupported('StartDICOMImportJob', 'POST', '/startDICOMImportJob/datastore/{datastoreId}'),
  unsupported('GetDICOMImportJob', 'GET', '/getDICOMImportJob/datastore/{datastoreId}/job/{jobId}'),
  unsupported('ListDICOMImportJobs', 'GET', '/listDICOMImportJobs/datastore/{datastoreId}'),
  unsupported('ListTagsForResource', 'GET', '/tags/{resourceArn}'),
  unsupported('TagResource', 'POST', '/tags/{resourceArn}'),
  unsupported('UntagResource', 'DELETE', '/tags/{resourceArn}'),
];
