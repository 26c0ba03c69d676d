import { needsAuthentication } from './auth.ts';
import { matching, oneOf, wholeNumber } from './parsers.ts';
import { searchRateOf } from './callRates.ts';
import { setting, type ValueOf } from './setting.ts';

/** What a user may spend of what the account's searches come to in a minute: the rest is for the others. */
const shareOfOne = 0.8;
const costOfSearch = 10;
const secondsOfMinute = 60;
const costWithoutRate = 30_000;

/** @param searchRate SearchImageSets calls a second, which may be without limit */
export function defaultCostPerMinute(searchRate: number): number {
  return searchRate === Number.POSITIVE_INFINITY
    ? costWithoutRate
    : Math.max(1, Math.floor(shareOfOne * searchRate * secondsOfMinute * costOfSearch));
}

function costPerMinuteInForce(valueOf: ValueOf): string {
  return String(defaultCostPerMinute(searchRateOf(valueOf)));
}

export const limitSettings = {
  mode: setting('LIMIT_MODE', oneOf('enforce', 'warn'), 'enforce', [
    'enforce',
    '`warn`: answer operations beyond a limit, but log and count them',
  ]),
  depth: setting('LIMIT_DEPTH', wholeNumber(1, 1_000), 10, ['10', 'nested levels of fields in an operation']),
  aliases: setting('LIMIT_ALIASES', wholeNumber(0, 10_000), 15, ['15', 'aliases in an operation']),
  rootFields: setting('LIMIT_ROOT_FIELDS', wholeNumber(1, 1_000), 5, ['5', 'root fields in an operation']),
  directives: setting('LIMIT_DIRECTIVES', wholeNumber(0, 10_000), 20, ['20', 'directives in an operation']),
  lexicalTokens: setting('LIMIT_TOKENS', wholeNumber(10, 100_000), 1_000, [
    '1000',
    'lexical tokens in a document',
  ]),
  cost: setting('LIMIT_COST', wholeNumber(1, 1_000_000), 1_000, [
    '1000',
    'cost of an operation: 10 for a call to HealthImaging, 1 for an image set (`@cost`, `@listSize`)',
  ]),
  costPerMinute: setting(
    'COST_PER_MINUTE',
    wholeNumber(1, 1_000_000_000),
    undefined,
    [
      '480 times HEALTHIMAGING_SEARCH_RATE: 12000 (AWS); 30000 where that is unlimited (embedded)',
      'cost that one user may spend in a minute; with authentication only',
    ],
    { needs: needsAuthentication, inForce: costPerMinuteInForce },
  ),
  redisUrl: setting(
    'REDIS_URL',
    matching(/^rediss?:\/\/\S+$/, 'a redis:// or rediss:// URL'),
    undefined,
    ['none: in memory', 'Redis in which replicas share what each user has spent'],
    { needs: needsAuthentication },
  ),
} as const;
