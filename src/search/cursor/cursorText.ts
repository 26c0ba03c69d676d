export function encodeCursor(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/**
 * The inverse of `encodeCursor`; undefined for any other text. Node's decoder tolerates padding, spaces, base64's other
 * alphabet and spare bits, which would give one cursor many spellings; only that of `encodeCursor` is taken.
 * @param longest bytes
 */
export function decodeCursor(text: string, longest: number): Buffer | undefined {
  if (text.length > Math.ceil((longest * 4) / 3)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return encodeCursor(bytes) === text ? bytes : undefined;
}
