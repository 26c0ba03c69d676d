/** Clients are never told to wait longer. */
const longestMs = 3_600_000;

/**
 * The wait that a response asks for, in milliseconds: `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), or
 * AWS's `x-amz-retry-after` in milliseconds.
 */
export function retryAfterOf(error: unknown): number | undefined {
  const headers = headersOf(error);
  if (headers === undefined) return undefined;
  const inMilliseconds = header(headers, 'x-amz-retry-after');
  const text = header(headers, 'retry-after');
  const wait =
    text === undefined
      ? inMilliseconds !== undefined && /^\d{1,9}$/.test(inMilliseconds)
        ? Number(inMilliseconds)
        : Number.NaN
      : /^\d{1,9}(\.\d+)?$/.test(text)
        ? Number(text) * 1000
        : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(Math.ceil(wait), 0), longestMs);
}

/** The SDK puts the response on its errors, as a member that is not enumerable. */
function headersOf(error: unknown): object | undefined {
  if (typeof error !== 'object' || error === null || !('$response' in error)) return undefined;
  const response = error.$response;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  return typeof response.headers === 'object' ? (response.headers ?? undefined) : undefined;
}

function header(headers: object, name: string): string | undefined {
  const value: unknown = Reflect.get(headers, name);
  return typeof value === 'string' ? value.trim() : undefined;
}
