import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import type { DicomDataset } from '../dicom/dataset.ts';
import { tagOfKeyword } from '../dicom/dictionary.ts';
import { summaryTags } from '../dicom/summaryTags.ts';
import type { InstanceDocument } from '../store/metadataDocument.ts';

/** Of DICOMTags that no update changes. */
type Counts = Pick<DICOMTags, 'DICOMNumberOfStudyRelatedSeries' | 'DICOMNumberOfStudyRelatedInstances'>;

/** The tags by which a search shows and finds instances: of each, that of the first instance which has one. */
export function tagsOfDocuments(documents: readonly InstanceDocument[], counts: Counts): DICOMTags {
  const { DICOMNumberOfStudyRelatedSeries: series, DICOMNumberOfStudyRelatedInstances: instances } = counts;
  const tags: Record<string, string | number> = {};
  for (const document of documents) {
    for (const [name, value] of Object.entries(summaryTags(datasetOf(document))))
      if ((tags[name] ?? '') === '') tags[name] = value;
  }
  return {
    ...tags,
    ...(series !== undefined && { DICOMNumberOfStudyRelatedSeries: series }),
    ...(instances !== undefined && { DICOMNumberOfStudyRelatedInstances: instances }),
  };
}

/** The attributes of a document's upper levels, as the summary's tags are read from a file. */
function datasetOf({ patient, study, series }: InstanceDocument): DicomDataset {
  const entries = Object.entries({ ...patient, ...study, ...series }).flatMap(([keyword, value]) => {
    const tag = tagOfKeyword(keyword);
    const values = [value].flat().filter((each) => typeof each === 'string' || typeof each === 'number');
    return tag === undefined ? [] : [[tag, { vr: 'LO', values }] as const];
  });
  return new Map(entries);
}
