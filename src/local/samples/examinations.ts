/** One series of an examination. */
export interface SampleSeries {
  readonly modality: 'CT' | 'CR' | 'DX' | 'MG' | 'MR' | 'NM' | 'OT' | 'PT' | 'SR' | 'US' | 'XA';
  readonly number: number;
  readonly description: string;
  readonly instances: number;
  /** Frames of each instance; default 1. */
  readonly frames?: number;
  /** Where it differs from the examination's. */
  readonly bodyPart?: string;
}

export interface SampleExamination {
  readonly description: string;
  /** Body Part Examined: defined terms of PS3.16 annex L. */
  readonly bodyPart: string;
  readonly series: readonly SampleSeries[];
}

const scout: SampleSeries = { modality: 'CT', number: 1, description: 'Scout', instances: 2 };
const doseReport: SampleSeries = { modality: 'SR', number: 999, description: 'Dose report', instances: 1 };
const keyImages: SampleSeries = { modality: 'OT', number: 900, description: 'Key images', instances: 2 };

/** What a small department does. Series are much shorter than real ones: five slices instead of three hundred. */
export const examinations = {
  chestCt: {
    description: 'CT chest with contrast',
    bodyPart: 'CHEST',
    series: [
      scout,
      { modality: 'CT', number: 2, description: 'Chest 5.0 soft tissue', instances: 5 },
      { modality: 'CT', number: 3, description: 'Chest 1.0 lung', instances: 6 },
      doseReport,
    ],
  },
  abdomenCt: {
    description: 'CT abdomen and pelvis',
    bodyPart: 'ABDOMEN',
    series: [
      scout,
      { modality: 'CT', number: 2, description: 'Portal venous 3.0', instances: 6 },
      { modality: 'CT', number: 3, description: 'Coronal MPR', instances: 4 },
      keyImages,
      doseReport,
    ],
  },
  headCt: {
    description: 'CT head without contrast',
    bodyPart: 'HEAD',
    series: [
      scout,
      { modality: 'CT', number: 2, description: 'Head 4.0 brain', instances: 5 },
      { modality: 'CT', number: 3, description: 'Head 1.0 bone', instances: 5 },
    ],
  },
  brainMr: {
    description: 'MR brain',
    bodyPart: 'BRAIN',
    series: [
      { modality: 'MR', number: 1, description: 'Localizer', instances: 3 },
      { modality: 'MR', number: 2, description: 'T1 sagittal', instances: 4 },
      { modality: 'MR', number: 3, description: 'T2 axial', instances: 4 },
      { modality: 'MR', number: 4, description: 'FLAIR axial', instances: 4 },
      { modality: 'MR', number: 5, description: 'DWI b1000', instances: 4 },
    ],
  },
  kneeMr: {
    description: 'MR knee',
    bodyPart: 'KNEE',
    series: [
      { modality: 'MR', number: 1, description: 'Localizer', instances: 3 },
      { modality: 'MR', number: 2, description: 'PD sagittal fat-saturated', instances: 4 },
      { modality: 'MR', number: 3, description: 'T1 coronal', instances: 4 },
    ],
  },
  chestRadiograph: {
    description: 'Chest PA and lateral',
    bodyPart: 'CHEST',
    series: [
      { modality: 'DX', number: 1, description: 'PA', instances: 1 },
      { modality: 'DX', number: 2, description: 'Lateral', instances: 1 },
    ],
  },
  handRadiograph: {
    description: 'Left hand, two views',
    bodyPart: 'HAND',
    series: [{ modality: 'CR', number: 1, description: 'Hand PA and oblique', instances: 2 }],
  },
  mammography: {
    description: 'Screening mammography',
    bodyPart: 'BREAST',
    series: [
      { modality: 'MG', number: 1, description: 'R CC and R MLO', instances: 2 },
      { modality: 'MG', number: 2, description: 'L CC and L MLO', instances: 2 },
    ],
  },
  breastUltrasound: {
    description: 'Ultrasound of the breast',
    bodyPart: 'BREAST',
    series: [{ modality: 'US', number: 1, description: 'Breast', instances: 4 }],
  },
  abdomenUltrasound: {
    description: 'Ultrasound of the abdomen',
    bodyPart: 'ABDOMEN',
    series: [
      { modality: 'US', number: 1, description: 'Abdomen', instances: 5 },
      { modality: 'US', number: 2, description: 'Cine', instances: 1, frames: 6 },
    ],
  },
  headUltrasound: {
    description: 'Ultrasound of the neonatal head',
    bodyPart: 'HEAD',
    series: [{ modality: 'US', number: 1, description: 'Fontanelle', instances: 3 }],
  },
  wholeBodyPet: {
    description: 'PET/CT whole body',
    bodyPart: 'WHOLEBODY',
    series: [
      { modality: 'CT', number: 1, description: 'Topogram', instances: 1 },
      { modality: 'CT', number: 2, description: 'Low dose CT', instances: 5 },
      { modality: 'PT', number: 3, description: 'PET attenuation corrected', instances: 5 },
      { modality: 'PT', number: 4, description: 'PET uncorrected', instances: 5 },
      doseReport,
    ],
  },
  boneScan: {
    description: 'Bone scan',
    bodyPart: 'WHOLEBODY',
    series: [
      { modality: 'NM', number: 1, description: 'Whole body', instances: 1, frames: 2 },
      { modality: 'NM', number: 2, description: 'Static pelvis', instances: 1, bodyPart: 'PELVIS' },
    ],
  },
  coronaryAngiography: {
    description: 'Coronary angiography',
    bodyPart: 'HEART',
    series: [
      { modality: 'XA', number: 1, description: 'Left coronary artery', instances: 2, frames: 8 },
      { modality: 'XA', number: 2, description: 'Right coronary artery', instances: 2, frames: 8 },
      doseReport,
    ],
  },
  reportOnly: {
    description: 'Second reading of an outside study',
    bodyPart: 'CHEST',
    series: [{ modality: 'SR', number: 1, description: 'Report', instances: 1 }],
  },
} as const satisfies Record<string, SampleExamination>;

export type ExaminationName = keyof typeof examinations;
