import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import { elementText, type DicomDataset, type DicomInstance } from '../dicom/dataset.ts';
import { isPet, levelOf, type InformationLevel } from '../dicom/informationLevels.ts';
import { privateRepresentations, toMetadata } from '../dicom/metadata.ts';
import { readWarnings, type ImportWarning, type WarningSet } from '../dicom/read/readWarnings.ts';
import { summaryTags } from '../dicom/summaryTags.ts';
import type { Attributes, InstanceDocument } from '../store/metadataDocument.ts';

/** What the store keeps of a DICOM file. */
export interface InstanceRecord {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** SHA-256 of the contents, as `DicomInstance` defines it: 32 bytes. */
  readonly digest: Uint8Array;
  readonly tags: DICOMTags;
  readonly document: InstanceDocument;
  readonly warnings: readonly ImportWarning[];
}

export function toInstanceRecord(file: DicomInstance): InstanceRecord {
  const { sopInstanceUid, seriesInstanceUid, studyInstanceUid, dataset, frameCount, frameSizeInBytes } = file;
  const warnings: WarningSet = new Set(file.warnings);
  return {
    sopInstanceUid,
    seriesInstanceUid,
    studyInstanceUid,
    digest: Buffer.from(file.digest, 'hex'),
    tags: summaryTags(dataset, () => warnings.add(readWarnings.longValue)),
    document: {
      form: 2,
      ...byLevel(file),
      representations: privateRepresentations(dataset),
      frameCount: file.hasPixelData ? frameCount : 0,
      ...(frameSizeInBytes !== undefined && { frameSizeInBytes }),
    },
    warnings: [...warnings],
  };
}

function byLevel({ meta, dataset, sopClassUid }: DicomInstance): Record<InformationLevel, Attributes> {
  const levels = {
    patient: new Map(),
    study: new Map(),
    series: new Map(),
    instance: new Map(meta),
  } satisfies Record<InformationLevel, DicomDataset>;
  const ofPet = isPet({ sopClassUid, modality: elementText(dataset, '00080060') });
  for (const [tag, element] of dataset) levels[levelOf(tag, ofPet)].set(tag, element);
  return {
    patient: toMetadata(levels.patient),
    study: toMetadata(levels.study),
    series: toMetadata(levels.series),
    instance: toMetadata(levels.instance),
  };
}
