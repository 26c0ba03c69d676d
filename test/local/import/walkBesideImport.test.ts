import { SearchImageSetsCommand, type Sort } from '@aws-sdk/client-medical-imaging';
import { expect, test } from '@jest/globals';

import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { syntheticInstance, withLocal } from '../../support/gateway/withLocal.ts';

const instance = (series: number) =>
  syntheticInstance(
    { study: '1.2', series: `1.2.${series}`, instance: `1.2.${series}.1` },
    { tags: { DICOMStudyDate: '20260101', DICOMStudyTime: String(series % 24).padStart(2, '0') } },
  );

test.each<Sort>([
  { sortField: 'updatedAt', sortOrder: 'DESC' },
  { sortField: 'updatedAt', sortOrder: 'ASC' },
  { sortField: 'createdAt', sortOrder: 'DESC' },
  { sortField: 'DICOMStudyDateAndTime', sortOrder: 'ASC' },
  { sortField: 'DICOMStudyDateAndTime', sortOrder: 'DESC' },
])('a walk beside an import has every older row once: %j', async (sort) => {
  const local = await withLocal();
  const { client, datastoreId, store } = local;
  let taken = 0;
  const run = startImportRun();
  const take = (count: number) => {
    const records = Array.from({ length: count }, () => instance((taken += 1)));
    takeInstances(store, run, records, Date.now());
  };
  take(200);
  const older = store
    .prepare('SELECT image_set_id FROM image_set')
    .all()
    .map((row) => String(row['image_set_id']));
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new SearchImageSetsCommand({
        ...{ datastoreId, maxResults: 7, searchCriteria: { sort } },
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    seen.push(...(page.imageSetsMetadataSummaries ?? []).map(({ imageSetId }) => imageSetId ?? ''));
    ({ nextToken } = page);
    // Ends while the walk goes on: an order in which new rows come last has no end before.
    if (taken < 500) take(11);
  } while (nextToken !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(older.filter((id) => !seen.includes(id))).toEqual([]);
  expect(taken).toBeGreaterThan(500);
  await local.close();
});
