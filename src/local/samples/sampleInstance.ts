import { createHash } from 'node:crypto';

import type { DatasetInput } from '../dicom/write/writeP10.ts';
import type { SamplePatient, SampleStudy } from './patients.ts';
import type { SampleExamination, SampleSeries } from './examinations.ts';
import { sampleImage } from './sampleImage.ts';

/** SOP classes by modality (PS3.4 B.5). */
const sopClasses: Record<SampleSeries['modality'], string> = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  CR: '1.2.840.10008.5.1.4.1.1.1',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
  MG: '1.2.840.10008.5.1.4.1.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  NM: '1.2.840.10008.5.1.4.1.1.20',
  OT: '1.2.840.10008.5.1.4.1.1.7',
  PT: '1.2.840.10008.5.1.4.1.1.128',
  SR: '1.2.840.10008.5.1.4.1.1.88.11',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  XA: '1.2.840.10008.5.1.4.1.1.12.1',
};
const ultrasoundMultiFrame = '1.2.840.10008.5.1.4.1.1.3.1';

const comment = 'Synthetic sample of healthimaging-graphql: no patient, no examination';

/** A study, and what all its instances share. */
export interface PlannedStudy {
  readonly patient: SamplePatient;
  readonly patientId: string;
  readonly study: SampleStudy;
  readonly examination: SampleExamination;
  /** Unique to the study among the samples of every day: its UIDs derive from it. */
  readonly key: string;
  /** yyyyMMdd */
  readonly date: string;
  readonly accessionNumber: string;
  readonly studyId: string;
}

/** A UUID-derived UID (PS3.5 B.2): the same key always gives the same UID. */
export function sampleUid(key: string): string {
  const bytes = createHash('sha256').update(key).digest().subarray(0, 16);
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

export function sampleInstance(planned: PlannedStudy, series: SampleSeries, number: number): DatasetInput {
  const { key, patient } = planned;
  const seriesKey = `${key}/${series.number}`;
  const frames = series.frames ?? 1;
  const isCine = series.modality === 'US' && frames > 1;
  return {
    SpecificCharacterSet: patient.characterSet.split('\\'),
    SOPClassUID: isCine ? ultrasoundMultiFrame : sopClasses[series.modality],
    SOPInstanceUID: sampleUid(`${seriesKey}/${number}`),
    ...patientModule(planned),
    ...studyModule(planned),
    ...seriesModule(planned, series, sampleUid(seriesKey)),
    InstanceNumber: number,
    ...(series.modality === 'SR'
      ? reportModule(planned)
      : {
          ImageType: ['ORIGINAL', 'PRIMARY'],
          ImageComments: comment,
          ...sampleImage(frames, series.number * 7 + number, series.modality !== 'US'),
        }),
  };
}

function patientModule({ patient, patientId }: PlannedStudy): DatasetInput {
  return {
    PatientName: patient.name,
    PatientID: patientId,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    PatientComments: comment,
  };
}

function studyModule({
  study,
  examination,
  key,
  date,
  accessionNumber,
  studyId,
}: PlannedStudy): DatasetInput {
  const series: readonly SampleSeries[] = examination.series;
  const instances = series.reduce((sum, one) => sum + one.instances, study.withConflict === true ? 1 : 0);
  return {
    StudyInstanceUID: sampleUid(key),
    StudyDate: date,
    StudyTime: `${study.at}00`,
    StudyID: studyId,
    AccessionNumber: accessionNumber,
    StudyDescription: study.description ?? examination.description,
    ReferringPhysicianName: 'Referrer^Sample',
    NumberOfStudyRelatedSeries: series.length,
    NumberOfStudyRelatedInstances: instances,
  };
}

function seriesModule({ examination, date }: PlannedStudy, series: SampleSeries, uid: string): DatasetInput {
  return {
    Modality: series.modality,
    SeriesInstanceUID: uid,
    SeriesNumber: series.number,
    SeriesDescription: series.description,
    SeriesDate: date,
    BodyPartExamined: series.bodyPart ?? examination.bodyPart,
    Manufacturer: 'Synthetic',
    ManufacturerModelName: 'Sample generator',
    InstitutionName: 'Synthetic Hospital',
    StationName: `SAMPLE-${series.modality}`,
  };
}

/** A Basic Text SR (PS3.3 A.35.1) with one finding. */
function reportModule({ date, study }: PlannedStudy): DatasetInput {
  return {
    ContentDate: date,
    ContentTime: `${study.at}00`,
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    ConceptNameCodeSequence: { items: [code('18782-3', 'LN', 'Radiology Study observation')] },
    ContentSequence: {
      items: [
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'TEXT',
          ConceptNameCodeSequence: { items: [code('121071', 'DCM', 'Finding')] },
          TextValue: comment,
        },
      ],
    },
  };
}

function code(value: string, scheme: string, meaning: string): DatasetInput {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}
