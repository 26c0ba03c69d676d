import { ServiceError } from '../../serviceError.ts';
import type { Store } from '../store.ts';

export type Tags = Readonly<Record<string, string>>;

/** AWS's quota of tags on one resource. */
const maximumTags = 50;

export function tagsOf(store: Store, resourceArn: string): Tags {
  const rows = store
    .prepare('SELECT key, value FROM resource_tag WHERE resource_arn = ? ORDER BY key')
    .all(resourceArn);
  return Object.fromEntries(rows.map((row) => [String(row['key']), String(row['value'])]));
}

/**
 * Adds tags, or gives those that are there a new value. Call it in a transaction.
 * @throws {ServiceError} ValidationException where the resource would have too many
 */
export function addTags(store: Store, resourceArn: string, tags: Tags): void {
  const insert = store.prepare(
    `INSERT INTO resource_tag VALUES (?, ?, ?) ON CONFLICT (resource_arn, key) DO UPDATE SET value = excluded.value`,
  );
  for (const [key, value] of Object.entries(tags)) insert.run(resourceArn, key, value);
  const row = store
    .prepare('SELECT count(*) AS tags FROM resource_tag WHERE resource_arn = ?')
    .get(resourceArn);
  if (Number(row?.['tags']) > maximumTags) {
    throw new ServiceError('ValidationException', `Expected ${maximumTags} tags at most on a resource.`);
  }
}

export function removeTags(store: Store, resourceArn: string, keys: readonly string[]): void {
  const remove = store.prepare('DELETE FROM resource_tag WHERE resource_arn = ? AND key = ?');
  for (const key of keys) remove.run(resourceArn, key);
}

/** Of a resource that is deleted. Call it in the transaction that deletes it. */
export function removeAllTags(store: Store, resourceArn: string): void {
  store.prepare('DELETE FROM resource_tag WHERE resource_arn = ?').run(resourceArn);
}
