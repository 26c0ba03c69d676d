import { gunzipSync } from 'node:zlib';

import {
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  ListImageSetVersionsCommand,
  paginateSearchImageSets,
  SearchImageSetsCommand,
  type DICOMTags,
  type ImageSetsMetadataSummary,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { InstanceRecord } from '../../../src/local/import/instanceRecord.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { syntheticInstance, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const study = '1.2.840.1';
const tags: DICOMTags = { DICOMPatientId: 'P1', DICOMStudyDate: '20260101', DICOMAccessionNumber: 'A1' };

describe('image sets of instances', () => {
  let now: number;
  let local: Local;

  beforeEach(async () => {
    now = Date.UTC(2026, 0, 1);
    local = await withLocal({ now: () => now });
  });
  afterEach(() => local.close());

  /** An import of one batch, one second after the last. */
  function take(...records: InstanceRecord[]): Record<string, number> {
    const run = startImportRun();
    now += 1_000;
    takeInstances(local.store, run, records, now);
    const outcomes: Record<string, number> = {};
    for (const outcome of run.outcomes.values()) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return outcomes;
  }

  function instance(
    name: string,
    options: { series?: string; tags?: DICOMTags; content?: string } = {},
  ): InstanceRecord {
    const { series = '1', content = '' } = options;
    return syntheticInstance(
      { study, series: `${study}.${series}`, instance: `${study}.${series}.${name}` },
      { tags: { ...tags, ...options.tags }, content },
    );
  }

  async function rows(): Promise<ImageSetsMetadataSummary[]> {
    const { imageSetsMetadataSummaries = [] } = await local.client.send(
      new SearchImageSetsCommand({
        datastoreId: local.datastoreId,
        searchCriteria: { sort: { sortField: 'createdAt', sortOrder: 'ASC' } },
      }),
    );
    return imageSetsMetadataSummaries;
  }

  async function only(): Promise<{ datastoreId: string; imageSetId: string }> {
    const [row] = await rows();
    return { datastoreId: local.datastoreId, imageSetId: row?.imageSetId ?? '' };
  }

  /** Comments by SOP Instance UID. */
  async function contents(versionId?: string): Promise<Record<string, unknown>> {
    const answer = await local.client.send(
      new GetImageSetMetadataCommand({ ...(await only()), ...(versionId !== undefined && { versionId }) }),
    );
    const bytes = await answer.imageSetMetadataBlob.transformToByteArray();
    const document = JSON.parse(gunzipSync(bytes).toString()) as {
      Study: { Series: Record<string, { Instances: Record<string, { DICOM: Record<string, unknown> }> }> };
    };
    const instances = Object.values(document.Study.Series).flatMap(({ Instances }) =>
      Object.entries(Instances),
    );
    return Object.fromEntries(instances.map(([uid, { DICOM }]) => [uid, DICOM['ImageComments']]));
  }

  test('are one primary image set for each series', async () => {
    expect(take(instance('1'), instance('2'), instance('1', { series: '2' }))).toEqual({ made: 2 });
    expect(await rows()).toMatchObject([
      { isPrimary: true, version: 1, DICOMTags: { DICOMSeriesInstanceUID: `${study}.1` } },
      { isPrimary: true, version: 1, DICOMTags: { DICOMSeriesInstanceUID: `${study}.2` } },
    ]);
  });

  test('do not change when the same instances are imported again', async () => {
    take(instance('1'), instance('2'));
    const before = await rows();
    expect(take(instance('2'), instance('1'))).toEqual({ unchanged: 1 });
    expect(await rows()).toEqual(before);
  });

  test('get a new version for a new instance, and keep createdAt', async () => {
    take(instance('1'));
    expect(take(instance('1'), instance('2'))).toEqual({ updated: 1 });
    expect(await rows()).toMatchObject([
      {
        version: 2,
        createdAt: new Date(Date.UTC(2026, 0, 1) + 1_000),
        updatedAt: new Date(Date.UTC(2026, 0, 1) + 2_000),
      },
    ]);
  });

  test('get one version for an import, however many batches it has', async () => {
    const run = startImportRun();
    for (const name of ['1', '2', '3']) takeInstances(local.store, run, [instance(name)], (now += 1_000));
    expect([...run.outcomes.values()]).toEqual(['made']);
    expect(await rows()).toMatchObject([{ version: 1, updatedAt: new Date(now) }]);
  });

  test('get another version when another import comes between two batches', async () => {
    const run = startImportRun();
    takeInstances(local.store, run, [instance('1')], now);
    take(instance('2'));
    takeInstances(local.store, run, [instance('3')], now);
    expect(await rows()).toMatchObject([{ version: 3 }]);
    expect(Object.keys(await contents('2'))).toHaveLength(2);
  });

  test('show earlier versions as they were', async () => {
    take(instance('1', { content: 'old' }), instance('2'));
    take(instance('1', { content: 'new' }));
    const uid = `${study}.1.1`;
    expect([(await contents('1'))[uid], (await contents('2'))[uid], (await contents())[uid]]).toEqual([
      'old',
      'new',
      'new',
    ]);
    expect(Object.keys(await contents())).toHaveLength(2);
  });

  test('keep the latest content of an instance when an earlier one is imported again', async () => {
    const both = [instance('1', { content: 'one' }), instance('1', { content: 'other' })];
    take(...both);
    expect(take(...both)).toEqual({ unchanged: 1 });
    expect([await rows(), await contents()]).toMatchObject([[{ version: 1 }], { [`${study}.1.1`]: 'other' }]);
  });

  test('are one when other tags within a series differ, and show those of the first, or of the first that has one', async () => {
    take(instance('1', { tags: { DICOMPatientName: 'One', DICOMPatientSex: '' } }));
    const other = { DICOMPatientName: 'Other', DICOMPatientSex: 'F', DICOMSeriesBodyPart: 'HEAD' };
    expect(take(instance('2', { tags: other }))).toEqual({ updated: 1 });
    expect(await rows()).toMatchObject([
      {
        version: 2,
        DICOMTags: { DICOMPatientName: 'One', DICOMPatientSex: 'F', DICOMSeriesBodyPart: 'HEAD' },
      },
    ]);
  });

  test('are found by a study time that the first instance did not have', async () => {
    take(instance('1'));
    take(instance('2', { tags: { DICOMStudyTime: '10:20:30' } }));
    const value = { DICOMStudyDateAndTime: { DICOMStudyDate: '20260101', DICOMStudyTime: '102030' } };
    const { imageSetsMetadataSummaries } = await local.client.send(
      new SearchImageSetsCommand({
        datastoreId: local.datastoreId,
        searchCriteria: { filters: [{ operator: 'EQUAL', values: [value] }] },
      }),
    );
    expect(imageSetsMetadataSummaries).toHaveLength(1);
  });

  test('are separate, and only the first primary, when they are grouped apart within a series', async () => {
    take(instance('1'));
    expect(take(instance('2', { tags: { DICOMStudyId: 'Other' } }))).toEqual({ made: 1 });
    expect(take(instance('3', { tags: { DICOMStudyId: 'Other' } }))).toEqual({ updated: 1 });
    expect(await rows()).toMatchObject([
      { isPrimary: true, version: 1 },
      { isPrimary: false, version: 2, DICOMTags: { DICOMStudyId: 'Other' } },
    ]);
  });

  test('are not primary when the series disagrees with its study', async () => {
    take(instance('1'));
    take(instance('1', { series: '2', tags: { DICOMAccessionNumber: 'A2' } }));
    take(instance('1', { series: '3', tags: { DICOMStudyDescription: 'Other' } }));
    expect((await rows()).map(({ isPrimary }) => isPrimary)).toEqual([true, false, true]);
  });

  test('are one when only the counts differ, and show the latest counts', async () => {
    take(instance('1', { tags: { DICOMNumberOfStudyRelatedInstances: 1 } }));
    take(instance('2', { tags: { DICOMNumberOfStudyRelatedInstances: 2 } }));
    expect(await rows()).toMatchObject([
      { version: 2, DICOMTags: { DICOMNumberOfStudyRelatedInstances: 2 } },
    ]);
  });

  test('list their versions, newest first, in pages', async () => {
    for (const name of ['1', '2', '3']) take(instance(name));
    const { imageSetId } = await only();
    const version = (versionId: string, second: number, status: string) => ({
      imageSetId,
      versionId,
      imageSetState: 'ACTIVE',
      ImageSetWorkflowStatus: status,
      createdAt: new Date(Date.UTC(2026, 0, 1) + 1_000),
      updatedAt: new Date(Date.UTC(2026, 0, 1) + second * 1_000),
      isPrimary: true,
    });
    const first = await local.client.send(
      new ListImageSetVersionsCommand({ ...(await only()), maxResults: 2 }),
    );
    const second = await local.client.send(
      new ListImageSetVersionsCommand({ ...(await only()), maxResults: 2, nextToken: first.nextToken }),
    );
    expect([first.imageSetPropertiesList, second.imageSetPropertiesList, second.nextToken]).toEqual([
      [version('3', 3, 'UPDATED'), version('2', 2, 'UPDATED')],
      [version('1', 1, 'CREATED')],
      undefined,
    ]);
  });

  test('have their properties in every version', async () => {
    take(instance('1'));
    take(instance('2'));
    const { imageSetId } = await only();
    const properties = await local.client.send(new GetImageSetCommand({ ...(await only()), versionId: '1' }));
    expect(properties).toEqual({
      $metadata: expect.anything() as unknown,
      datastoreId: local.datastoreId,
      imageSetId,
      versionId: '1',
      imageSetState: 'ACTIVE',
      imageSetWorkflowStatus: 'CREATED',
      createdAt: new Date(Date.UTC(2026, 0, 1) + 1_000),
      updatedAt: new Date(Date.UTC(2026, 0, 1) + 1_000),
      imageSetArn: `arn:aws:medical-imaging:us-east-1:000000000000:datastore/${local.datastoreId}/imageset/${imageSetId}`,
      isPrimary: true,
      storageTier: 'FREQUENT_ACCESS',
    });
    for (const versionId of ['0', '3', '99999999999999999999999']) {
      await expect(
        local.client.send(new GetImageSetCommand({ ...(await only()), versionId })),
      ).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
  });

  test('count only reads of metadata as accesses', async () => {
    take(instance('1'));
    await local.client.send(new GetImageSetCommand(await only()));
    expect((await rows())[0]?.lastAccessedAt).toBeUndefined();
    now += 5_000;
    await contents();
    expect((await rows())[0]).toMatchObject({ version: 1, lastAccessedAt: new Date(now) });
    take(instance('2'));
    expect((await rows())[0]).toMatchObject({ version: 2, lastAccessedAt: new Date(now - 1_000) });
  });

  test('have times of their own, in the order of import, though a batch has 500 of them', async () => {
    const series = Array.from({ length: 500 }, (_, index) => instance('1', { series: String(index + 1) }));
    expect(take(...series)).toEqual({ made: 500 });
    const times: number[] = [];
    const pages = paginateSearchImageSets(
      { client: local.client, pageSize: 50 },
      {
        datastoreId: local.datastoreId,
        searchCriteria: { sort: { sortField: 'createdAt', sortOrder: 'ASC' } },
      },
    );
    for await (const { imageSetsMetadataSummaries = [] } of pages) {
      times.push(...imageSetsMetadataSummaries.map(({ createdAt }) => createdAt?.getTime() ?? Number.NaN));
    }
    expect(times).toEqual(Array.from({ length: 500 }, (_, index) => now + index));
    // A clock that was set back, and image sets that are imported or updated after that.
    now -= 3_600_000;
    const latest = times.at(-1) ?? 0;
    take(instance('1', { series: '501' }), instance('2', { series: '7' }), instance('2', { series: '3' }));
    const answer = await local.client.send(
      new SearchImageSetsCommand({ datastoreId: local.datastoreId, maxResults: 4 }),
    );
    expect(answer.imageSetsMetadataSummaries?.map(({ updatedAt }) => updatedAt?.getTime())).toEqual([
      latest + 3,
      latest + 2,
      latest + 1,
      latest,
    ]);
  });

  test('have nothing of a batch that failed', async () => {
    const broken = { ...instance('2'), digest: undefined as unknown as Uint8Array };
    expect(() => take(instance('1'), broken)).toThrow();
    expect(await rows()).toEqual([]);
  });
});
