import { dicomFileReasons } from '../dicom/read/dicomFileError.ts';
import type { FailedFile } from './jobOutput.ts';

/** The service's own messages, as far as they are known. */
const messages: Readonly<Record<string, string>> = {
  [dicomFileReasons.noTransferSyntax]: 'DICOM attribute TransferSyntaxUID does not exist',
  [dicomFileReasons.notDicom]: 'DICOM attributes does not exist',
  [dicomFileReasons.noSopInstanceUid]: 'DICOM attribute SOPInstanceUID does not exist',
  [dicomFileReasons.noSeriesInstanceUid]: 'DICOM attribute SeriesInstanceUID does not exist',
  [dicomFileReasons.noStudyInstanceUid]: 'DICOM attribute StudyInstanceUID does not exist',
};

const fileReasons: ReadonlySet<string> = new Set(Object.values(dicomFileReasons));

/**
 * The line of failure.ndjson for a file that was left out: the file's own fault is the customer's, one of the system is the server's.
 * @param reason of importDicom
 */
export function fileFailure(key: string, reason: string): FailedFile {
  const exceptionType = fileReasons.has(reason) ? 'ValidationException' : 'InternalServerException';
  return { key, exceptionType, message: messages[reason] ?? reason };
}

export function refusedLink(key: string): FailedFile {
  const message = 'Expected a link that leads to a file or a folder within the folder of buckets.';
  return { key, exceptionType: 'AccessDeniedException', message };
}
