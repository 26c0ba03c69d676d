import type { CursorBinding } from '../../../src/search/cursor/cursor.ts';
import type { PagePosition, Position, RowPosition } from '../../../src/search/cursor/position.ts';

export const sampleRow: RowPosition = {
  id: 'a1'.repeat(16),
  value: { sort: { sortField: 'updatedAt', sortOrder: 'DESC' }, text: '2026-11-24T12:00:00.123Z' },
  occurrence: 0,
};

export const samplePage: PagePosition = {
  bound: 'updatedAt DESC 2026-11-24T12:00:00.124Z',
  token: 'AAMA-EFRSURBSGo0filter=PAT-0042',
  maxResults: 50,
  pageSizeOfToken: 26,
  loopCheck: { followed: 1, mark: '0123456789abcdef' },
};

/** Of a row whose value leads back to it. */
export const samplePosition: Position = { row: sampleRow, page: null };

/** Of a row whose page is named. */
export const namedPosition: Position = { row: sampleRow, page: samplePage };

export const sampleBinding: CursorBinding = {
  datastoreId: 'd'.repeat(32),
  tenant: 'clinic-1',
  principal: 'user-1',
  fingerprint: Buffer.alloc(16, 9),
};
