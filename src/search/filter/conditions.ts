import { badUserInput } from '../../errors.ts';
import type { SearchByAttributeValue, SearchFilter } from './criteria.ts';
import { parseDicomUid } from './dicomText.ts';
import { fieldsOf, oneOf, parsed, reversed, type Read } from './inputShape.ts';
import {
  studyDateAndTimeBetween,
  studyDateAndTimeEqual,
  type StudyDateAndTimeInput,
} from './studyDateAndTime.ts';

interface EqualInput<Value> {
  readonly equal?: Value | null;
}

interface EqualOrBetweenInput<Value> extends EqualInput<Value> {
  readonly between?: { readonly from: Value; readonly to: Value } | null;
}

/** The conditions of the schema's input `ImageSetFilter`. Exactly one is given, which is checked at run time. */
export interface ConditionInput {
  readonly patientId?: EqualInput<string> | null;
  readonly accessionNumber?: EqualInput<string> | null;
  readonly studyId?: EqualInput<string> | null;
  readonly studyInstanceUid?: EqualInput<string> | null;
  readonly seriesInstanceUid?: EqualInput<string> | null;
  readonly isPrimary?: EqualInput<boolean> | null;
  readonly createdAt?: EqualOrBetweenInput<Date> | null;
  readonly updatedAt?: EqualOrBetweenInput<Date> | null;
  readonly studyDateAndTime?: EqualOrBetweenInput<StudyDateAndTimeInput> | null;
}

/** Shapes DICOMPatientId, DICOMAccessionNumber and DICOMStudyId of the service model. Counts characters, not UTF-16 units. */
const textPattern = /^.{0,512}$/su;

const text = parsed(
  (value) => (textPattern.test(value) ? value : undefined),
  'text of at most 512 characters',
);
const uid = parsed(parseDicomUid, 'a DICOM unique identifier: 1 to 64 digits and dots');

/**
 * Equality with what identifies a patient, a study or a series: a condition of the filter, and the one that such an object
 * of the graph is itself.
 */
export const identifierConditions = {
  patientId: equalTo(text, (DICOMPatientId) => ({ DICOMPatientId })),
  studyInstanceUid: equalTo(uid, (DICOMStudyInstanceUID) => ({ DICOMStudyInstanceUID })),
  seriesInstanceUid: equalTo(uid, (DICOMSeriesInstanceUID) => ({ DICOMSeriesInstanceUID })),
} satisfies Partial<Record<keyof ConditionInput, Read<SearchFilter>>>;

/** How each condition is read. A condition of the schema without an entry does not compile. */
export const conditions: Readonly<Record<keyof ConditionInput, Read<SearchFilter>>> = {
  patientId: oneOf({ equal: identifierConditions.patientId }),
  accessionNumber: equality(text, (DICOMAccessionNumber) => ({ DICOMAccessionNumber })),
  studyId: equality(text, (DICOMStudyId) => ({ DICOMStudyId })),
  studyInstanceUid: oneOf({ equal: identifierConditions.studyInstanceUid }),
  seriesInstanceUid: oneOf({ equal: identifierConditions.seriesInstanceUid }),
  isPrimary: equality(truth, (isPrimary) => ({ isPrimary })),
  createdAt: equalityOrRange((createdAt) => ({ createdAt })),
  updatedAt: equalityOrRange((updatedAt) => ({ updatedAt })),
  studyDateAndTime: oneOf({ equal: studyDateAndTimeEqual, between: studyDateAndTimeBetween }),
};

function equality<Value>(
  read: Read<Value>,
  attribute: (value: Value) => SearchByAttributeValue,
): Read<SearchFilter> {
  return oneOf({ equal: equalTo(read, attribute) });
}

function equalTo<Value>(
  read: Read<Value>,
  attribute: (value: Value) => SearchByAttributeValue,
): Read<SearchFilter> {
  return (value, path) => ({ operator: 'EQUAL', values: [attribute(read(value, path))] });
}

function equalityOrRange(attribute: (time: Date) => SearchByAttributeValue): Read<SearchFilter> {
  return oneOf({ equal: equalTo(pointInTime, attribute), between });

  function between(value: unknown, path: string): SearchFilter {
    const range = fieldsOf(value, path, ['from', 'to']);
    const from = pointInTime(range.from, `${path}.from`);
    const to = pointInTime(range.to, `${path}.to`);
    if (from.getTime() > to.getTime()) throw reversed(path);
    return { operator: 'BETWEEN', values: [attribute(from), attribute(to)] };
  }
}

function truth(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw badUserInput(path, 'true or false');
  return value;
}

function pointInTime(value: unknown, path: string): Date {
  // The SDK would send an invalid Date as `null`.
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw badUserInput(path, 'a point in time as RFC 3339 text with a zone');
  }
  return value;
}
