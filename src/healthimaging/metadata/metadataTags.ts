import type { DicomTags } from '../../search/imageSet.ts';
import { isJson, type Json } from '../responses/readMember.ts';

/**
 * The tags that a search result would have, from an image set's metadata document. Its shape is in HealthImaging's
 * developer guide under "Understanding image sets": keyed by DICOM keyword, at the levels Patient, Study and Series.
 */
export function tagsOfMetadata(document: Json): DicomTags {
  const study = member(document, 'Study');
  const [seriesUid, series] =
    Object.entries(member(study, 'Series')).find(([, value]) => isJson(value)) ?? [];
  const patientTags = member(member(document, 'Patient'), 'DICOM');
  const studyTags = member(study, 'DICOM');
  const seriesTags = isJson(series) ? member(series, 'DICOM') : {};
  return {
    patientId: text(patientTags, 'PatientID'),
    patientName: text(patientTags, 'PatientName'),
    patientBirthDate: text(patientTags, 'PatientBirthDate'),
    patientSex: text(patientTags, 'PatientSex'),
    studyInstanceUid: text(studyTags, 'StudyInstanceUID'),
    studyId: text(studyTags, 'StudyID'),
    studyDescription: text(studyTags, 'StudyDescription'),
    numberOfStudyRelatedSeries: count(studyTags, 'NumberOfStudyRelatedSeries'),
    numberOfStudyRelatedInstances: count(studyTags, 'NumberOfStudyRelatedInstances'),
    accessionNumber: text(studyTags, 'AccessionNumber'),
    // Series are keyed by the identifier, which their tags may leave out.
    seriesInstanceUid: text(seriesTags, 'SeriesInstanceUID') ?? seriesUid ?? null,
    seriesModality: text(seriesTags, 'Modality'),
    seriesBodyPart: text(seriesTags, 'BodyPartExamined'),
    seriesNumber: count(seriesTags, 'SeriesNumber'),
    studyDate: text(studyTags, 'StudyDate'),
    studyTime: text(studyTags, 'StudyTime'),
  };
}

function member(parent: Json, name: string): Json {
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined;
  return isJson(value) ? value : {};
}

/** Several values are joined by a backslash, as DICOM does. */
function text(tags: Json, keyword: string): string | null {
  const value = Object.hasOwn(tags, keyword) ? tags[keyword] : undefined;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.filter((each) => typeof each === 'string' || typeof each === 'number');
  return texts.length === 0 ? null : texts.join('\\');
}

/** Integers may be text (value representation IS) or numbers; GraphQL's Int has 32 bits. */
function count(tags: Json, keyword: string): number | null {
  const value = text(tags, keyword)?.trim() ?? '';
  const number = /^[+-]?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  return (number | 0) === number ? number : null;
}
