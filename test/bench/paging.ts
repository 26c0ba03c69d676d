import fc from 'fast-check';

import { GatewayError } from '../../src/errors.ts';
import type { SearchCriteria } from '../../src/search/filter/criteria.ts';
import { changes, changingUpstream, storedRows, type Change } from '../search/paging/changingUpstream.ts';
import { boundable, firsts, orderOf, unboundable, walk } from '../search/paging/changingWalk.ts';

/**
 * What walks over generated upstreams cost and give: `node test/bench/paging.ts [walks a row] [seed]`. Half of the walks lose
 * the pages that a gateway keeps between any two of their windows. In those that change, up to 60 neighbours of the client's
 * place leave between two windows, rows come, and rows are updated.
 */
const [walks = 600, seed = 1] = process.argv.slice(2).map(Number);

interface Sums {
  skips: number;
  skipped: number;
  repeated: number;
  expired: number;
  given: number;
  calls: number;
}

const still: fc.Arbitrary<Change[]> = fc.constant([]);
const changing = fc.array(changes, { minLength: 12, maxLength: 12 });

async function measure(
  searches: fc.Arbitrary<SearchCriteria>,
  lives: fc.Arbitrary<Change[]>,
  { token, tokenLife }: { readonly token: 'key' | 'offset'; readonly tokenLife: number },
): Promise<Sums> {
  const sums: Sums = { skips: 0, skipped: 0, repeated: 0, expired: 0, given: 0, calls: 0 };
  const worlds = fc.record({
    rows: storedRows,
    criteria: searches,
    life: lives,
    first: firsts,
    exclusive: fc.boolean(),
    wholeSeconds: fc.boolean(),
    forgets: fc.boolean(),
  });
  for (const { rows, criteria, life, first, forgets, ...between } of fc.sample(worlds, {
    numRuns: walks,
    seed,
  })) {
    const traits = { token, tokenLife, refusesBounds: false, ...between };
    const upstream = changingUpstream(rows, orderOf(criteria), traits);
    const forgetting = life.map((change) => ({ ...change, forgetsPages: forgets }));
    try {
      const { given, stayed } = await walk(upstream, criteria, { first, life: forgetting });
      const missing = [...stayed].filter((name) => !given.has(name)).length;
      const total = [...given.values()].reduce((sum, times) => sum + times, 0);
      sums.skips += missing > 0 ? 1 : 0;
      sums.skipped += missing;
      sums.repeated += total - given.size;
      sums.given += total;
      sums.calls += upstream.calls.length;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'CURSOR_EXPIRED') throw error;
      sums.expired += 1;
    }
  }
  return sums;
}

const lines = [
  '| rows | search | next tokens | walks | that skip rows | rows skipped | repeated a 1,000 rows | CURSOR_EXPIRED | calls a 1,000 rows |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];
for (const [change, lives] of [
  ['stay', still],
  ['change', changing],
] as const) {
  for (const [search, searches] of [
    ['by its bound', boundable],
    ['by next tokens', unboundable],
  ] as const) {
    for (const token of ['key', 'offset'] as const) {
      for (const tokenLife of [0, 3]) {
        const sums = await measure(searches, lives, { token, tokenLife });
        const kind = `stand for ${token === 'key' ? 'a row' : 'an offset'}${tokenLife > 0 ? `, end after ${tokenLife} calls` : ''}`;
        const perThousand = (count: number) => ((1_000 * count) / sums.given).toFixed(1);
        lines.push(
          `| ${[change, search, kind, walks, sums.skips, sums.skipped, perThousand(sums.repeated), sums.expired, perThousand(sums.calls)].join(' | ')} |`,
        );
      }
    }
  }
}
process.stdout.write(`${lines.join('\n')}\n`);
