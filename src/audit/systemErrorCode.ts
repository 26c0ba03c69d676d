/** Such as `ENOENT`; undefined for errors that no system call made. Not by class: errors may be of another realm's. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
