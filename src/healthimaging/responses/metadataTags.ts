import type { DicomTags } from '../../search/imageSet.ts';
import { isJson, type Json } from './readMember.ts';

/**
 * The tags of a search result, out of an image set's metadata document: the shape that HealthImaging's developer guide
 * gives under "Understanding image sets", keyed by DICOM keyword at the levels Patient, Study and Series.
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
    // The series' own key stands in where its tags leave the identifier out.
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

/** Several values are joined by a backslash, as DICOM writes them. */
function text(tags: Json, keyword: string): string | null {
  const value = Object.hasOwn(tags, keyword) ? tags[keyword] : undefined;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.filter((each) => typeof each === 'string' || typeof each === 'number');
  return texts.length === 0 ? null : texts.join('\\');
}

/** Integers are text (value representation IS) or numbers, whoever wrote the document; GraphQL's Int has 32 bits. */
function count(tags: Json, keyword: string): number | null {
  const value = text(tags, keyword)?.trim() ?? '';
  const number = /^[+-]?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  return (number | 0) === number ? number : null;
}
