import type { Environment } from '../../../src/config/config.ts';
import { startRecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal } from '../../support/gateway/withLocal.ts';

export const rowCount = 120;
export const pageSize = 25;

export interface ServedRows extends AsyncDisposable {
  /** Of the graph. */
  readonly url: string;
  /** Every image set, in the order of a search without a sort. */
  readonly imageSetIds: readonly string[];
  readonly datastoreId: string;
  /** Takes image sets out of HealthImaging. */
  deleteImageSets(imageSetIds: readonly string[]): void;
  /** SearchImageSets calls since the last time that this was asked. */
  takeSearches(): number;
}

/** A real gateway over a real local HealthImaging of 120 image sets, of 20 patients. */
export async function serveRows(environment: Environment = {}): Promise<ServedRows> {
  const local = await withLocal({ imageSets: manyImageSets(rowCount) });
  const upstream = await startRecordingProxy(local.url);
  const gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment,
  });
  const { body } = await gateway.query(`{ imageSets(first: ${rowCount}) { nodes { imageSetId } } }`);
  const { imageSets } = body.data as unknown as { imageSets: { nodes: { imageSetId: string }[] } };
  upstream.take();
  return {
    url: gateway.url,
    imageSetIds: imageSets.nodes.map(({ imageSetId }) => imageSetId),
    datastoreId: local.datastoreId,
    deleteImageSets(imageSetIds) {
      const statement = local.store.prepare('DELETE FROM image_set WHERE image_set_id = ?');
      for (const imageSetId of imageSetIds) statement.run(imageSetId);
    },
    takeSearches: () => upstream.take().filter(({ path }) => path.endsWith('/searchImageSets')).length,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
      await local.close();
    },
  };
}
