import { inflateRawSync } from 'node:zlib';

import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';

const maximumInflatedBytes = 256 * 1024 * 1024;

/**
 * Inflates a deflated data set (PS3.5 A.5: RFC 1951, without a zlib header).
 * @throws DicomFileError when the data is truncated, is not deflated, or inflates beyond the bound
 */
export function inflateDataset(deflated: Buffer): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: maximumInflatedBytes });
  } catch (error) {
    throw new DicomFileError(reasonOf(error));
  }
}

function reasonOf(error: unknown) {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return dicomFileReasons.truncated;
  return code === 'ERR_BUFFER_TOO_LARGE' ? dicomFileReasons.inflatesTooFar : dicomFileReasons.badDeflate;
}
