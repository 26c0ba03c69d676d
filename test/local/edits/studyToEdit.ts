import type { MetadataUpdates } from '@aws-sdk/client-medical-imaging';

import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';
import { toInstanceRecord } from '../../../src/local/import/instanceRecord.ts';

const study = '1.2.3';
export const seriesOf = (series: number) => `${study}.${series}`;

export function instance(series: number, number: number, more: DatasetInput = {}) {
  const bytes = writeP10({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `${seriesOf(series)}.${number}`,
    StudyInstanceUID: study,
    SeriesInstanceUID: seriesOf(series),
    StudyDate: '20260102',
    PatientID: 'P1',
    PatientName: 'Sample^Ada',
    StudyDescription: 'Before',
    Modality: 'CT',
    SeriesNumber: String(series),
    InstanceNumber: String(number),
    ...more,
  });
  return toInstanceRecord(readP10Bytes(bytes));
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

export const updatable = (tree: object): MetadataUpdates => ({
  DICOMUpdates: { updatableAttributes: json(tree) },
});
export const removable = (tree: object): MetadataUpdates => ({
  DICOMUpdates: { removableAttributes: json(tree) },
});
export const ofInstance = (uid: string, value: object) => ({
  SchemaVersion: '1.1',
  Study: { Series: { [seriesOf(1)]: { Instances: { [uid]: value } } } },
});

interface Level {
  readonly DICOM: Readonly<Record<string, unknown>>;
}
export interface Document {
  readonly Patient: Level;
  readonly Study: Level & {
    readonly Series: Record<
      string,
      Level & { readonly Instances: Record<string, Level & { DICOMVRs: object; ImageFrames: object[] }> }
    >;
  };
}
