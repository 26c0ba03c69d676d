import { matching, oneOf } from './parsers.ts';
import { setting } from './setting.ts';

export const safelistSettings = {
  mode: setting('SAFELIST_MODE', oneOf('off', 'audit', 'enforce'), 'off', [
    'off',
    '`audit`: log and count operations that are not in the safelist; `enforce`: refuse them',
  ]),
  manifest: setting(
    'SAFELIST_MANIFEST',
    matching(/./, 'a file'),
    undefined,
    ['none', 'persisted query manifest (`apollo-persisted-query-manifest`, version 1)'],
    { needs: (valueOf) => (valueOf('SAFELIST_MODE') === 'off' ? 'SAFELIST_MODE is off' : undefined) },
  ),
} as const;
