import { dicomFileReasons } from '../dicom/read/dicomFileError.ts';
import type { LeftOut } from './findFiles.ts';
import type { ImportSummary } from './import.ts';

/** What came of an import, for people to read: the files that are not in the store, each with its reason, and the counts. */
export function summaryLines(summary: ImportSummary): string[] {
  const { filesRead, imageSetsMade, imageSetsUpdated, imageSetsUnchanged, leftOut } = summary;
  const failed = leftOut.filter((file) => file.failed);
  const notDicom = leftOut.filter((file) => !file.failed);
  const kinds = [
    ...(notDicom.length > 0 ? [`${notDicom.length} not DICOM`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return [
    ...[...notDicom, ...failed].map(({ path, reason }) => `left out: ${printable(path)}: ${reason}`),
    ...Array.from(
      summary.warnings,
      ([{ code, type, message }, files]) =>
        `warning for ${counted(files, 'file')}: ${message} (${code} ${type})`,
    ),
    `${counted(filesRead, 'file')} read; image sets: ${imageSetsMade} made, ${imageSetsUpdated} updated, ` +
      `${imageSetsUnchanged} unchanged; ${counted(leftOut.length, 'file')} left out` +
      (kinds.length > 0 ? ` (${kinds.join(', ')})` : ''),
    ...(filesRead === 0 && !failed.some(isDicom) ? ['No DICOM instance was found.'] : []),
  ];
}

/**
 * Why an import counts as failed.
 * @returns undefined when all DICOM files are in the store, whatever else was left out
 */
export function failureLine({ leftOut }: ImportSummary): string | undefined {
  const failed = leftOut.filter((file) => file.failed);
  if (failed.length === 0) return undefined;
  const broken = failed.filter(isDicom).length;
  const unreadable = failed.length - broken;
  const parts = [
    ...(broken > 0 ? [`${counted(broken, 'DICOM file')} could not go in`] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'path')} could not be read`] : []),
  ];
  return `${parts.join(' and ')}; ${failed.length === 1 ? 'the reason is' : 'their reasons are'} above.`;
}

const fileReasons: ReadonlySet<string> = new Set(Object.values(dicomFileReasons));

/** Whether the file itself was the reason, rather than the system that could not read it. */
function isDicom({ reason }: LeftOut): boolean {
  return fileReasons.has(reason);
}

/** Control characters and marks of direction in a file's name could make a terminal show something else. */
function printable(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** With the noun's plural unless there is one: `1 file`, `0 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
