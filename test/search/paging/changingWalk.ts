import fc from 'fast-check';

import { createCursorSealer } from '../../../src/search/cursor/cursor.ts';
import type { SearchCriteria, SearchSort } from '../../../src/search/filter/criteria.ts';
import { createBoundTrials } from '../../../src/search/paging/boundTrials.ts';
import { imageSetConnection, type ImageSetConnection } from '../../../src/search/paging/connection.ts';
import { sampleBinding } from '../cursor/samplePosition.ts';
import { applyChange, shownTime, type Change, type ChangingUpstream } from './changingUpstream.ts';

const sealer = createCursorSealer({ keys: [Buffer.alloc(32, 1)], now: () => 0 });
export const firsts = fc.oneof(fc.constantFrom(10, 25, 50), fc.integer({ min: 1, max: 60 }));

/** A gateway's connection over an upstream; each has found out nothing yet of what the upstream does. */
function gatewayOver(upstream: ChangingUpstream, criteria: SearchCriteria) {
  const trials = createBoundTrials();
  return (first: number, after: string | null): Promise<ImageSetConnection> =>
    imageSetConnection(
      { first, after },
      { ...upstream, criteria, trials: trials(criteria), binding: sampleBinding, sealer, pageSize: 50 },
    );
}

const sorts: fc.Arbitrary<SearchSort> = fc.record({
  sortField: fc.constantFrom('updatedAt', 'createdAt', 'DICOMStudyDateAndTime'),
  sortOrder: fc.constantFrom('ASC', 'DESC'),
});

/** A range that holds every row. */
function rangeOf(sortField: SearchSort['sortField']): NonNullable<SearchCriteria['filters']>[0] {
  const [from, to] = [new Date('2023-01-01T00:00:00Z'), new Date('2030-01-01T00:00:00Z')];
  const study = (date: string) => ({
    DICOMStudyDateAndTime: { DICOMStudyDate: date, DICOMStudyTime: '000000' },
  });
  if (sortField === 'DICOMStudyDateAndTime') {
    return { operator: 'BETWEEN', values: [study('20230101'), study('20300101')] };
  }
  return sortField === 'updatedAt'
    ? { operator: 'BETWEEN', values: [{ updatedAt: from }, { updatedAt: to }] }
    : { operator: 'BETWEEN', values: [{ createdAt: from }, { createdAt: to }] };
}

const text = { operator: 'EQUAL', values: [{ DICOMPatientId: 'PAT-1' }] } as const;
const primary = { operator: 'EQUAL', values: [{ isPrimary: true }] } as const;

/** Searches that can be made to begin anywhere. */
export const boundable: fc.Arbitrary<SearchCriteria> = fc
  .tuple(sorts, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([sort, hasText, hasRange, isDefault]) => {
    if (isDefault && !hasRange) return hasText ? { filters: [text] } : {};
    const range = rangeOf(sort.sortField);
    if (hasRange || sort.sortField === 'DICOMStudyDateAndTime') {
      return { sort, filters: hasText ? [text, range] : [range] };
    }
    return hasText ? { sort, filters: [text] } : { sort };
  });

/** Searches whose cursors become next tokens. */
export const unboundable: fc.Arbitrary<SearchCriteria> = fc
  .tuple(sorts, fc.boolean())
  .map(([sort, isStudy]) =>
    isStudy
      ? { sort: { sortField: 'DICOMStudyDateAndTime', sortOrder: sort.sortOrder } }
      : { sort, filters: [primary] },
  );

export const orderOf = ({ sort }: SearchCriteria): SearchSort =>
  sort ?? { sortField: 'updatedAt', sortOrder: 'DESC' };

export interface Walked {
  /** How often each row was given, by id and time. */
  readonly given: Map<string, number>;
  /** Rows that were there from start to end, with one time. */
  readonly stayed: Set<string>;
  /** Ids that had the time at some moment, by time. */
  readonly idsOf: Map<string, Set<string>>;
  readonly windows: number;
}

const nameOf = (id: string, time: string | null) => `${id} ${time ?? ''}`;

/** Walks as a client does, while the upstream changes between its windows. */
export async function walk(
  upstream: ChangingUpstream,
  criteria: SearchCriteria,
  { first, life }: { readonly first: number; readonly life: readonly Change[] },
): Promise<Walked> {
  const open = gatewayOver(upstream, criteria);
  const rowsNow = () => upstream.rows.map((row) => nameOf(row.id, shownTime(row)));
  const walked: Walked = { given: new Map(), stayed: new Set(rowsNow()), idsOf: new Map(), windows: 0 };
  const note = () => {
    for (const row of upstream.rows) {
      const time = shownTime(row);
      walked.idsOf.set(time, (walked.idsOf.get(time) ?? new Set()).add(row.id));
    }
  };
  note();
  let after: string | null = null;
  for (let windows = 0; windows < 1_000; windows += 1) {
    const { nodes, pageInfo }: ImageSetConnection = await open(first, after);
    for (const { imageSetId, updatedAt } of nodes) {
      const name = nameOf(imageSetId, updatedAt);
      walked.given.set(name, (walked.given.get(name) ?? 0) + 1);
    }
    if (!(await pageInfo.hasNextPage())) return { ...walked, windows };
    after = pageInfo.endCursor();
    const change = life[windows];
    if (change !== undefined) applyChange(upstream, change, nodes.at(-1)?.imageSetId);
    note();
    const now = new Set(rowsNow());
    for (const name of walked.stayed) if (!now.has(name)) walked.stayed.delete(name);
  }
  throw new RangeError('the walk does not end');
}
