import type { CursorBinding } from '../../../src/search/cursor/cursor.ts';
import type { Position } from '../../../src/search/cursor/position.ts';

export const samplePosition: Position = {
  page: {
    token: 'AAMA-EFRSURBSGo0filter=PAT-0042',
    maxResults: 50,
    pageSizeOfToken: 26,
    loopCheck: { followed: 1, mark: '0123456789abcdef' },
  },
  row: { index: 12, id: 'a1'.repeat(16), previous: 7, next: 11 },
};

export const sampleBinding: CursorBinding = {
  datastoreId: 'd'.repeat(32),
  tenant: 'clinic-1',
  principal: 'user-1',
  fingerprint: Buffer.alloc(16, 9),
};
