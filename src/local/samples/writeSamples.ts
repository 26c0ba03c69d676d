import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { transferSyntaxes } from '../dicom/transferSyntax.ts';
import { writeP10 } from '../dicom/write/writeP10.ts';
import { patients } from './patients.ts';
import { examinations, type SampleSeries } from './examinations.ts';
import { sampleInstance, type PlannedStudy } from './sampleInstance.ts';

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Writes a small department's last eight days as plainly synthetic DICOM files, at PATIENT/STUDY/FILE.
 * The files are the same, byte for byte, for any time of a UTC day; another day gives other dates and UIDs.
 */
export async function writeSamples(directory: string, now: Date): Promise<void> {
  for (const planned of planStudies(now)) {
    const folder = join(directory, planned.patientId, planned.studyId);
    await mkdir(folder, { recursive: true });
    await Promise.all(filesOf(planned).map(([name, bytes]) => writeFile(join(folder, name), bytes)));
  }
}

function planStudies(now: Date): PlannedStudy[] {
  const today = dateOf(now);
  const studies = patients.flatMap((patient, index) =>
    patient.studies.map((study) => ({ patient, study, patientId: `SAMPLE-${digits(index + 1, 3)}` })),
  );
  return studies.map(({ patient, study, patientId }, index) => ({
    patient,
    study,
    patientId,
    examination: examinations[study.examination],
    key: `healthimaging-graphql/samples/${today}/${index}`,
    date: dateOf(new Date(now.getTime() - study.daysAgo * dayInMilliseconds)),
    accessionNumber: study.withoutAccessionNumber === true ? '' : `SYN${digits(4100 + index * 7, 7)}`,
    studyId: `ST${digits(index + 1, 4)}`,
  }));
}

function filesOf(planned: PlannedStudy): [name: string, bytes: Buffer][] {
  const series: readonly SampleSeries[] = planned.examination.series;
  const files = series.flatMap((one) =>
    Array.from({ length: one.instances }, (_, index) => fileOf(planned, one, index + 1)),
  );
  const [first] = series;
  if (planned.study.withConflict !== true || first === undefined) return files;
  const mistyped = { ...planned, accessionNumber: `${planned.accessionNumber}0` };
  // Named to be imported last: the instances that come first make up the primary image set.
  const [, bytes] = fileOf(mistyped, first, first.instances + 1);
  return [...files, ['zz-mistyped.dcm', bytes]];
}

function fileOf(planned: PlannedStudy, series: SampleSeries, number: number): [name: string, bytes: Buffer] {
  const name = `${digits(series.number, 3)}-${series.modality}-${digits(number, 3)}.dcm`;
  const transferSyntaxUid = transferSyntaxOf(series.modality);
  return [name, writeP10(sampleInstance(planned, series, number), { transferSyntaxUid })];
}

/** Varied, as among real devices: older ones write implicit VR, reports are deflated. */
function transferSyntaxOf(modality: SampleSeries['modality']): string {
  if (modality === 'CR' || modality === 'NM') return transferSyntaxes.implicitLittleEndian;
  return modality === 'SR'
    ? transferSyntaxes.deflatedExplicitLittleEndian
    : transferSyntaxes.explicitLittleEndian;
}

/** yyyyMMdd in UTC. */
function dateOf(time: Date): string {
  return time.toISOString().slice(0, 10).replaceAll('-', '');
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
