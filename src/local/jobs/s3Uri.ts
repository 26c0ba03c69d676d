/** What an S3 URI names, as a place below the folder of buckets. */
export interface S3Location {
  readonly bucket: string;
  /** The names that the key consists of, outermost first; none for the bucket itself. */
  readonly names: readonly string[];
}

/**
 * Reads an S3 URI as a path. Keys that no path below the bucket's folder can stand for are refused: with a name that is empty, `.` or
 * `..`, or that has a character which the system takes for something else.
 * @param uri of the form that the service model has
 * @param windows whether the path is one of Windows
 * @returns undefined for a URI that cannot be a path; a slash at its end does not count
 */
export function parseS3Uri(uri: string, windows = process.platform === 'win32'): S3Location | undefined {
  const match = /^s3:\/\/([a-z0-9][.\-a-z0-9]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(uri);
  if (match?.[1] === undefined) return undefined;
  const key = (match[2] ?? '').replace(/\/$/, '');
  const names = key === '' ? [] : key.split('/');
  return names.every((name) => isName(name, windows)) ? { bucket: match[1], names } : undefined;
}

function isName(name: string, windows: boolean): boolean {
  if (['', '.', '..'].includes(name) || name.includes('\0')) return false;
  // Windows: other separators, streams of files, and names that it cuts the end off.
  return !windows || (!/[\\:]/.test(name) && !/[. ]$/.test(name));
}
