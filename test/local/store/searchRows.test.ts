import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Condition, Search } from '../../../src/local/store/criteria.ts';
import type { PagePosition } from '../../../src/local/store/pageToken.ts';
import { searchAtLength, searchRows } from '../../../src/local/store/searchRows.ts';
import { openStore, type Store } from '../../../src/local/store/store.ts';
import { putImageSets } from '../../support/gateway/withLocal.ts';

/** More rows than are counted before a condition counts as wide, and more than a walk may pass over. */
const count = 12_000;
const span = 10_000;

describe.each(['in memory', 'on disk'])('searchRows over many rows %s', (where) => {
  let store: Store;
  let directory: string;
  let rows: { seq: number; created_at: number; updated_at: number; is_primary: number; patient_id: string }[];

  beforeAll(async () => {
    directory = where === 'on disk' ? await mkdtemp(join(tmpdir(), 'searchRows-')) : ':memory:';
    store = openStore({ directory });
    const imageSets = putImageSets(
      store,
      Array.from({ length: count }, (_, index) => {
        const createdAt = (index * 7_919) % span;
        // Half of them were never updated, so that the two times correlate, as they do in an archive.
        const updatedAt = createdAt + (index % 2 === 0 ? 0 : (index * 104_729) % span);
        const tags = { DICOMPatientId: index % 3 === 0 ? '' : `P${index % 5}` };
        return { createdAt, updatedAt, isPrimary: index % 100 !== 0, tags };
      }),
    );
    rows = imageSets.map(({ createdAt, updatedAt, isPrimary, tags }, index) => ({
      seq: index + 1,
      created_at: createdAt,
      updated_at: updatedAt,
      is_primary: isPrimary ? 1 : 0,
      patient_id: tags.DICOMPatientId ?? '',
    }));
  });
  afterAll(async () => {
    store.close();
    if (where === 'on disk') await rm(directory, { recursive: true });
  });

  function expected({ conditions, sort }: Search, after: PagePosition | undefined, limit: number) {
    const key = sort.sortField === 'createdAt' ? 'created_at' : 'updated_at';
    const sign = sort.sortOrder === 'ASC' ? 1 : -1;
    const order = (one: PagePosition, other: PagePosition) =>
      sign * (Number(one.key) - Number(other.key) || one.seq - other.seq);
    return rows
      .filter((row) =>
        conditions.every(({ column, low, high }) => {
          const value = row[column as keyof typeof row];
          return value >= low && value <= high;
        }),
      )
      .map((row) => ({ key: row[key], seq: row.seq }))
      .filter((position) => after === undefined || order(position, after) > 0)
      .sort(order)
      .slice(0, limit);
  }

  const bounds = fc
    .tuple(fc.integer({ min: 0, max: 2 * span }), fc.integer({ min: 0, max: 2 * span }))
    .map(([one, other]) => ({ low: Math.min(one, other), high: Math.max(one, other) }));
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    bounds.map((range) => ({ column: 'created_at' as const, ...range })),
    bounds.map((range) => ({ column: 'updated_at' as const, ...range })),
    fc.constantFrom(0, 1).map((value) => ({ column: 'is_primary' as const, low: value, high: value })),
    fc.constantFrom('', 'P1').map((value) => ({ column: 'patient_id' as const, low: value, high: value })),
  );
  const search: fc.Arbitrary<Search> = fc.record({
    conditions: fc.array(condition, { maxLength: 2 }),
    sort: fc.record({
      sortField: fc.constantFrom('updatedAt', 'createdAt'),
      sortOrder: fc.constantFrom('ASC', 'DESC'),
    }),
  });

  test('finds the rows that a plain scan finds, whichever index leads', async () => {
    await fc.assert(
      fc.asyncProperty(search, fc.integer({ min: 1, max: 50 }), async (asked, limit) => {
        let after: PagePosition | undefined;
        for (let page = 0; page < 3; page += 1) {
          const found = await searchRows(store, { search: asked, after, limit });
          expect(found).toEqual(searchAtLength(store, { search: asked, after, limit }));
          const { summaries, end } = found;
          const rest = expected(asked, after, limit + 1);
          expect([summaries.length, end]).toEqual([
            Math.min(rest.length, limit),
            rest.length > limit ? rest[limit - 1] : undefined,
          ]);
          if (end === undefined) break;
          after = end;
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('continues in the middle of many equal keys', async () => {
    const asked: Search = { conditions: [], sort: { sortField: 'DICOMStudyDateAndTime', sortOrder: 'DESC' } };
    const after = { key: '20260101093000000000', seq: 7_000 };
    const { end } = await searchRows(store, { search: asked, after, limit: 50 });
    expect(end).toEqual({ key: '20260101093000000000', seq: 6_950 });
  });
});
