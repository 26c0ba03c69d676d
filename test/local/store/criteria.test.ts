import {
  paginateSearchImageSets,
  type DICOMTags,
  type SearchByAttributeValue,
  type SearchCriteria,
  type SearchFilter,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { ImageSet } from '../../../src/local/store/imageSets.ts';
import { putImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const dates = ['20251231', '20260101', '20260102', '20240229', '20230229', '2026', '', '2026.01.01'] as const;
const times = ['000000', '0930', '093000', '093000.5', '093000.000001', '235959.999999', '2500', ''] as const;
const texts = ['A', 'a', 'A ', 'Ä', '山田', 'x\\y', ''] as const;
const start = Date.UTC(2026, 0, 1);

/** Rows with many values in common, so that filters select some and sorts have ties. */
const row = fc.record({
  createdAt: fc.integer({ min: start, max: start + 30 }),
  later: fc.integer({ min: 0, max: 20 }),
  isPrimary: fc.boolean(),
  studyInstanceUid: fc.constantFrom('1.2', '1.2.3', '1.20'),
  seriesInstanceUid: fc.constantFrom('1.2.1', '1.2.3.1', '1.20.1'),
  tags: fc.record<DICOMTags>(
    {
      DICOMPatientId: fc.constantFrom(...texts),
      DICOMAccessionNumber: fc.constantFrom(...texts),
      DICOMStudyId: fc.constantFrom(...texts),
      DICOMStudyDate: fc.constantFrom(...dates),
      DICOMStudyTime: fc.constantFrom(...times),
    },
    { requiredKeys: [] },
  ),
});

const validDates = ['20251231', '20260101', '20260102', '20240229'] as const;
const validTimes = [
  '000000',
  '093000',
  '093000.5',
  '093000.000001',
  '093000.000',
  '235959.999999',
  undefined,
] as const;
const studyDateAndTime = fc
  .tuple(fc.constantFrom(...validDates), fc.constantFrom(...validTimes))
  .map(([DICOMStudyDate, DICOMStudyTime]) => ({
    DICOMStudyDateAndTime: { DICOMStudyDate, ...(DICOMStudyTime !== undefined && { DICOMStudyTime }) },
  }));
const time = fc.integer({ min: start - 2, max: start + 52 }).map((ms) => new Date(ms));
const text = fc.constantFrom(...texts);
const rangeable = [
  time.map((createdAt) => ({ createdAt })),
  time.map((updatedAt) => ({ updatedAt })),
  studyDateAndTime,
] as const;

const equal: fc.Arbitrary<SearchFilter> = fc
  .oneof<fc.Arbitrary<Record<string, unknown>>[]>(
    text.map((DICOMPatientId) => ({ DICOMPatientId })),
    text.map((DICOMAccessionNumber) => ({ DICOMAccessionNumber })),
    text.map((DICOMStudyId) => ({ DICOMStudyId })),
    fc.constantFrom('1.2', '1.2.3', '1.2.30').map((DICOMStudyInstanceUID) => ({ DICOMStudyInstanceUID })),
    fc.constantFrom('1.2.1', '1.20.1').map((DICOMSeriesInstanceUID) => ({ DICOMSeriesInstanceUID })),
    fc.boolean().map((isPrimary) => ({ isPrimary })),
    ...rangeable,
  )
  .map((value) => ({ operator: 'EQUAL', values: [value as unknown as SearchByAttributeValue] }));

const between: fc.Arbitrary<SearchFilter> = fc
  .oneof(...rangeable.map((value) => fc.tuple<Record<string, unknown>[]>(value, value)))
  .map((values) => {
    const [low, high] = values.sort((one, other) => (boundOf(one) < boundOf(other) ? -1 : 1));
    return { operator: 'BETWEEN', values: [low, high] as unknown as SearchByAttributeValue[] };
  });

const criteria: fc.Arbitrary<SearchCriteria> = fc.record(
  {
    filters: fc.array(fc.oneof(equal, between), { minLength: 1, maxLength: 2 }),
    sort: fc.record({
      sortField: fc.constantFrom('updatedAt', 'createdAt', 'DICOMStudyDateAndTime'),
      sortOrder: fc.constantFrom('ASC', 'DESC'),
    }),
  },
  { requiredKeys: [] },
);

/** The rules again, as plainly as possible: keys are padded text or milliseconds. */
function studyKey(text = '', time = ''): string {
  const date = text.replaceAll('.', '');
  if (!(validDates as readonly string[]).includes(date)) return '';
  const isTime = /^([01]\d|2[0-3])([0-5]\d)?([0-5]\d)?(\.\d+)?$/.test(time.trim());
  if (!isTime && time.trim() !== '') return `${date}${'0'.repeat(12)}~`;
  const [whole = '', fraction = ''] = time.trim().split('.');
  return date + whole.padEnd(6, '0') + fraction.padEnd(6, '0');
}

/** @param isUpper whether it stands above a range, where a day has its studies without a time too */
function boundOf(value: Record<string, unknown>, isUpper = false): string | number | boolean {
  const [content] = Object.values(value);
  if (content instanceof Date) return content.getTime();
  if (typeof content === 'string') return content.trim();
  if (typeof content !== 'object') return content as boolean;
  const { DICOMStudyDate, DICOMStudyTime } = content as Record<string, string>;
  return studyKey(DICOMStudyDate, DICOMStudyTime) + (isUpper && DICOMStudyTime === undefined ? '~' : '');
}

function keyOf(imageSet: ImageSet, attribute: string): string | number | boolean | undefined {
  if (attribute === 'createdAt') return imageSet.createdAt;
  if (attribute === 'updatedAt') return imageSet.updatedAt;
  if (attribute === 'isPrimary') return imageSet.isPrimary;
  const { tags } = imageSet;
  if (attribute === 'DICOMStudyDateAndTime') return studyKey(tags.DICOMStudyDate, tags.DICOMStudyTime);
  return (tags as Record<string, string | undefined>)[attribute];
}

function oracle(rows: readonly ImageSet[], { filters = [], sort }: SearchCriteria): string[] {
  const { sortField = 'updatedAt', sortOrder = 'DESC' } = sort ?? {};
  const matching = rows.filter((imageSet) =>
    filters.every(({ values = [] }) => {
      const [low, high = low] = values as unknown as Record<string, unknown>[];
      const key = keyOf(imageSet, Object.keys(low ?? {})[0] ?? '');
      const bounds = [boundOf(low ?? {}), boundOf(high ?? {}, true)] as const;
      return key !== undefined && key >= bounds[0] && key <= bounds[1];
    }),
  );
  const ordered = matching.toSorted((one, other) => {
    const [left, right] = [keyOf(one, sortField), keyOf(other, sortField)] as [number, number];
    return left < right ? -1 : left > right ? 1 : rows.indexOf(one) - rows.indexOf(other);
  });
  return (sortOrder === 'ASC' ? ordered : ordered.reverse()).map(({ imageSetId }) => imageSetId);
}

describe('a search', () => {
  const rows = fc.sample(row, { numRuns: 90, seed: 7 });
  let local: Local;
  let stored: ImageSet[];

  beforeAll(async () => {
    local = await withLocal();
    stored = putImageSets(
      local.store,
      rows.map(({ later, ...rest }) => ({ ...rest, updatedAt: rest.createdAt + later })),
    );
  });
  afterAll(() => local.close());

  async function found(searchCriteria: SearchCriteria, pageSize: number): Promise<string[]> {
    const ids: string[] = [];
    const { client, datastoreId } = local;
    for await (const page of paginateSearchImageSets({ client, pageSize }, { datastoreId, searchCriteria })) {
      ids.push(...(page.imageSetsMetadataSummaries ?? []).map(({ imageSetId = '' }) => imageSetId));
    }
    return ids;
  }

  test('finds what an oracle finds, for every attribute, operator, order and page size', async () => {
    await fc.assert(
      fc.asyncProperty(criteria, fc.integer({ min: 1, max: 50 }), async (searchCriteria, pageSize) => {
        expect(await found(searchCriteria, pageSize)).toEqual(oracle(stored, searchCriteria));
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
