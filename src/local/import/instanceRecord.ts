import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import type { DicomDataset, DicomInstance } from '../dicom/dataset.ts';
import { levelOf, toMetadata } from '../dicom/metadata.ts';
import { summaryTags } from '../dicom/summaryTags.ts';

/** Attributes by DICOM keyword. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What GetImageSetMetadata needs of one instance. */
export interface InstanceDocument {
  readonly patient: Attributes;
  readonly study: Attributes;
  readonly series: Attributes;
  readonly instance: Attributes;
  readonly frameCount: number;
  /** Of native pixel data only. */
  readonly frameSizeInBytes?: number;
}

/** What the store keeps of one DICOM file. */
export interface InstanceRecord {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** Tells contents apart: 32 bytes. */
  readonly digest: Uint8Array;
  readonly tags: DICOMTags;
  readonly document: InstanceDocument;
}

export function toInstanceRecord(file: DicomInstance): InstanceRecord {
  const { sopInstanceUid, seriesInstanceUid, studyInstanceUid, dataset, frameCount, frameSizeInBytes } = file;
  return {
    sopInstanceUid,
    seriesInstanceUid,
    studyInstanceUid,
    digest: Buffer.from(file.digest, 'hex'),
    tags: summaryTags(dataset),
    document: {
      ...byLevel(dataset),
      frameCount: file.hasPixelData ? frameCount : 0,
      ...(frameSizeInBytes !== undefined && { frameSizeInBytes }),
    },
  };
}

function byLevel(dataset: DicomDataset): Record<ReturnType<typeof levelOf>, Attributes> {
  const levels = {
    patient: new Map(),
    study: new Map(),
    series: new Map(),
    instance: new Map(),
  } satisfies Record<ReturnType<typeof levelOf>, DicomDataset>;
  for (const [tag, element] of dataset) levels[levelOf(tag)].set(tag, element);
  return {
    patient: toMetadata(levels.patient),
    study: toMetadata(levels.study),
    series: toMetadata(levels.series),
    instance: toMetadata(levels.instance),
  };
}
