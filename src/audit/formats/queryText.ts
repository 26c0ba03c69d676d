import type { AuditedSearch } from '../auditEvent.ts';

/**
 * In place of the raw query of PS3.15 and BALP, which would hold patients' identifiers: names of fields, operators, and keyed
 * hashes where there is a key, as JSON.
 */
export function queryText({ datastoreId, conditions, sort, first, continued }: AuditedSearch): string {
  return JSON.stringify({ datastoreId, filter: conditions, sort, first, continued });
}

/** The same in words, to read and to grep; without hashes. */
export function queryInWords({ conditions, sort, first, continued }: AuditedSearch): string {
  const parts = [
    conditions.length === 0
      ? 'everything'
      : conditions.map(({ field, operator = '' }) => `${field} ${operator}`.trim()).join(' and '),
    ...(sort === undefined ? [] : [`sort ${sort.field} ${sort.order}`]),
    ...(first === undefined ? [] : [`first ${first}`]),
    ...(continued ? ['continued by cursor'] : []),
  ];
  return parts.join(', ');
}
