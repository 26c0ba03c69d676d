import { logLevels } from '../log/log.ts';
import { matching, oneOf } from './parsers.ts';
import { setting } from './setting.ts';

/** What concerns the process as a whole. */
export const processSettings = {
  environment: setting('NODE_ENV', matching(/^[\w-]+$/, 'a name such as production'), 'development', [
    'development',
    '`production` turns the explore page, introspection and suggestions off',
  ]),
  logLevel: setting('LOG_LEVEL', oneOf(...logLevels), 'info', [
    'info',
    'JSON lines on stdout; readable when stdout is a terminal',
  ]),
} as const;
