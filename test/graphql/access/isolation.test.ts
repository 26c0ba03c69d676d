import { execute, parse, type ExecutionResult } from 'graphql';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { principalOf, type AuthorizationOptions } from '../../../src/auth/authorize.ts';
import { anonymousPrincipal, type Principal } from '../../../src/auth/principal.ts';
import { createMetadataRoom } from '../../../src/healthimaging/metadata/metadataRoom.ts';
import { createTokenLoops } from '../../../src/healthimaging/pages/tokenLoops.ts';
import { createContextFactory } from '../../../src/graphql/createContext.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import type { HealthImaging } from '../../../src/healthimaging/api.ts';
import { createPageCache } from '../../../src/healthimaging/pages/pageCache.ts';
import type { SearchFilter } from '../../../src/search/filter/criteria.ts';
import { createCursorSealer } from '../../../src/search/cursor/cursor.ts';
import { createBoundTrials } from '../../../src/search/paging/boundTrials.ts';
import type { ImageSetRow } from '../../../src/search/imageSet.ts';
import { emptyDicomTags } from '../../support/dicom/emptyDicomTags.ts';
import { fakeHealthImaging, fakeRow } from '../../support/upstream/fakeHealthImaging.ts';

// In process, since ten thousand requests over HTTP would take minutes: the real schema, contexts, cursors and page cache,
// shared by all principals as in a gateway, over an upstream with several data stores.

const datastoreIds = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const patients = ['P1', 'P2', 'P3'];
const tuples = 10_000;

const rows = datastoreIds.flatMap((datastoreId, store) =>
  patients.flatMap((patientId, patient) =>
    Array.from({ length: 7 }, (_, index) =>
      fakeRow(store * 100 + patient * 10 + index, {
        datastoreId,
        dicomTags: { ...emptyDicomTags, patientId },
      }),
    ),
  ),
);

function matches(row: ImageSetRow, { values: [value] }: SearchFilter): boolean {
  return !('DICOMPatientId' in value) || value.DICOMPatientId === row.dicomTags?.patientId;
}

/** Finds what the criteria say and nothing else, page by page. */
const upstream: HealthImaging = {
  ...fakeHealthImaging({})[0],
  searchImageSets(request, options) {
    const found = rows.filter(
      (row) =>
        row.datastoreId === request.datastoreId &&
        (request.criteria.filters ?? []).every((filter) => matches(row, filter)),
    );
    return fakeHealthImaging({ rows: found })[0].searchImageSets(request, options);
  },
};

const options: AuthorizationOptions = {
  datastoreIds,
  patientClaim: 'patient',
  datastoresClaim: 'stores',
  tenantClaim: 'tenant',
};

const principal = fc
  .record({
    sub: fc.constantFrom('user-1', 'user-2'),
    tenant: fc.constantFrom('north', 'south'),
    stores: fc.subarray(datastoreIds, { minLength: 1 }),
    patient: fc.option(fc.constantFrom(...patients), { nil: undefined }),
  })
  .map((claims): Principal => {
    const level = claims.patient === undefined ? 'user' : 'patient';
    const named = { iss: 'https://issuer.example', scope: `${level}/ImagingStudy.rs`, ...claims };
    return principalOf(named, options) ?? anonymousPrincipal([]);
  });

const ask = fc.record({
  principal,
  datastoreId: fc.option(fc.constantFrom(...datastoreIds)),
  patientId: fc.option(fc.constantFrom(...patients)),
  first: fc.integer({ min: 1, max: 8 }),
});
type Ask = typeof ask extends fc.Arbitrary<infer Value> ? Value : never;

const schema = buildSchema();
const document = parse(`query ($datastoreId: ID, $filter: ImageSetFilter, $first: Int, $after: String) {
  imageSets(datastoreId: $datastoreId, filter: $filter, first: $first, after: $after) {
    edges { cursor node { datastoreId dicomTags { patientId } } }
  }
}`);

const createContext = createContextFactory({
  api: upstream,
  pages: createPageCache({
    fetch: (request, call) => upstream.searchImageSets(request, call),
    maximumBytes: 2 ** 20,
    maximumAgeMs: 60_000,
  }),
  tokenLoops: createTokenLoops(),
  metadataRoom: createMetadataRoom({ requestBytes: 2 ** 26, processBytes: 2 ** 28 }),
  sealer: createCursorSealer({ keys: [Buffer.alloc(32, 5)], now: Date.now }),
  boundTrials: createBoundTrials(),
  auditing: undefined,
  pageSize: 5,
  pageFreshMs: 60_000,
  pageWalkMs: 60_000,
  countClientPage: () => undefined,
});

interface Edges {
  readonly imageSets: {
    readonly edges: readonly {
      readonly cursor: string;
      readonly node: { readonly datastoreId: string; readonly dicomTags: { readonly patientId: string } };
    }[];
  } | null;
}

async function search({ principal, datastoreId, patientId, first }: Ask, after: string | null) {
  const request = { requestId: 'r', address: '127.0.0.1', principal };
  const result = (await execute({
    schema,
    document,
    contextValue: createContext(request, { signal: new AbortController().signal }),
    variableValues: {
      datastoreId,
      first,
      after,
      filter: patientId === null ? null : { patientId: { equal: patientId } },
    },
  })) as unknown as ExecutionResult<Edges>;
  const error = result.errors?.[0]?.originalError;
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  return { code, edges: result.data?.imageSets?.edges ?? [] };
}

function isTheirs(
  { grant }: Principal,
  { node }: Awaited<ReturnType<typeof search>>['edges'][number],
): boolean {
  return (
    grant.datastoreIds.includes(node.datastoreId) &&
    (grant.patientId === undefined || grant.patientId === node.dicomTags.patientId)
  );
}

test(`in ${tuples} combinations of principal, tenant, data store and cursor, nobody sees a row of another`, async () => {
  const counts = { rows: 0, foreignCursors: 0, continued: 0 };
  await fc.assert(
    fc.asyncProperty(ask, fc.option(ask, { freq: 8 }), async (giver, other) => {
      const taker = other ?? giver;
      const given = await search(giver, null);
      const after = given.edges.at(-1)?.cursor ?? null;
      const taken = await search(taker, after);
      for (const [{ principal: who }, { edges }] of [
        [giver, given],
        [taker, taken],
      ] as const) {
        counts.rows += edges.length;
        expect(edges.filter((edge) => !isTheirs(who, edge))).toEqual([]);
      }
      if (after === null) return;
      const [from, to] = [giver.principal, taker.principal];
      if (from.id !== to.id || from.tenant !== to.tenant) {
        counts.foreignCursors += 1;
        expect(['INVALID_CURSOR', 'NOT_FOUND']).toContain(taken.code);
      } else if (taken.code === undefined) {
        counts.continued += 1;
      }
    }),
    { numRuns: tuples, seed: 20_261_124 },
  );
  // The test would pass if nothing had been found: it must have had rows to leak.
  expect(counts.rows).toBeGreaterThan(tuples);
  expect(counts.foreignCursors).toBeGreaterThan(tuples / 10);
  expect(counts.continued).toBeGreaterThan(tuples / 100);
}, 120_000);
