import { needsAuthentication } from './auth.ts';
import { matching, oneOf, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

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
    30_000,
    ['30000', 'cost that one user may spend in a minute; with authentication only'],
    { needs: needsAuthentication },
  ),
  redisUrl: setting(
    'REDIS_URL',
    matching(/^rediss?:\/\/\S+$/, 'a redis:// or rediss:// URL'),
    undefined,
    ['none: in memory', 'Redis in which replicas share what each user has spent'],
    { needs: needsAuthentication },
  ),
} as const;
