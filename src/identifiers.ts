/** The form of HealthImaging's own identifiers: shapes DatastoreId and ImageSetId of the service model. */
export const serviceIdentifier = /^[0-9a-z]{32}$/;

/** Whether HealthImaging could have given out this identifier. */
export function isServiceIdentifier(value: unknown): value is string {
  return typeof value === 'string' && serviceIdentifier.test(value);
}
