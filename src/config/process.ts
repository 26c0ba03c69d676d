import { logLevels } from '../log/log.ts';
import { matching, oneOf } from './parsers.ts';
import { setting } from './setting.ts';

/** What concerns the process as a whole. */
export const processSettings = {
  environment: setting('NODE_ENV', matching(/^[\w-]+$/, 'a name such as production'), 'development', [
    'development',
    '`production` turns off the explore page, introspection and suggestions',
  ]),
  logLevel: setting('LOG_LEVEL', oneOf(...logLevels), 'info', [
    'info',
    'the least level that is logged: JSON lines on stdout, or readable ones when stdout is a terminal',
  ]),
  settings: setting('SETTINGS', oneOf('warn', 'strict'), 'warn', [
    'warn',
    'what to do about settings that cannot be meant: `warn` of them in the log, or do not start (`strict`)',
  ]),
} as const;
