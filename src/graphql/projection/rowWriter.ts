import type { DicomTags, ImageSetRow } from '../../search/imageSet.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { fieldsBelow, Unusual, type Fragments, type Selected } from './selections.ts';
import { formedText, object, plain, text, type Write } from './writeJson.ts';

const tags: Readonly<Record<keyof DicomTags, Write<DicomTags>>> = {
  patientId: ({ patientId }) => text(patientId),
  patientName: ({ patientName }) => text(patientName),
  patientBirthDate: ({ patientBirthDate }) => text(patientBirthDate),
  patientSex: ({ patientSex }) => text(patientSex),
  studyInstanceUid: ({ studyInstanceUid }) => text(studyInstanceUid),
  studyId: ({ studyId }) => text(studyId),
  studyDescription: ({ studyDescription }) => text(studyDescription),
  numberOfStudyRelatedSeries: ({ numberOfStudyRelatedSeries }) => plain(numberOfStudyRelatedSeries),
  numberOfStudyRelatedInstances: ({ numberOfStudyRelatedInstances }) => plain(numberOfStudyRelatedInstances),
  accessionNumber: ({ accessionNumber }) => text(accessionNumber),
  seriesInstanceUid: ({ seriesInstanceUid }) => text(seriesInstanceUid),
  seriesModality: ({ seriesModality }) => text(seriesModality),
  seriesBodyPart: ({ seriesBodyPart }) => text(seriesBodyPart),
  seriesNumber: ({ seriesNumber }) => plain(seriesNumber),
  studyDate: ({ studyDate }) => text(studyDate),
  studyTime: ({ studyTime }) => text(studyTime),
};

/** The fields that a row has by itself; the others call out, or lead to other objects. */
const members: Readonly<Record<string, Write<ImageSetRow>>> = {
  id: ({ datastoreId, imageSetId }) =>
    formedText(encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId })),
  datastoreId: ({ datastoreId }) => formedText(datastoreId),
  imageSetId: ({ imageSetId }) => formedText(imageSetId),
  version: ({ version }) => plain(version),
  isPrimary: ({ isPrimary }) => plain(isPrimary),
  storageTier: ({ storageTier }) => formedText(storageTier),
  createdAt: ({ createdAt }) => formedText(createdAt),
  updatedAt: ({ updatedAt }) => formedText(updatedAt),
  lastAccessedAt: ({ lastAccessedAt }) => formedText(lastAccessedAt),
};

/**
 * Writes an image set of a search as its selection has it.
 * @throws {Unusual} where a field is selected that a row does not have by itself
 */
export function rowWriter(fragments: Fragments, field: Selected): Write<ImageSetRow> {
  return object(
    fieldsBelow(fragments, field, 'ImageSet', ['Node']).map((selected) => [
      selected.key,
      selected.name === 'dicomTags'
        ? tagsWriter(fragments, selected)
        : writerIn(members, selected.name, 'ImageSet'),
    ]),
  );
}

function tagsWriter(fragments: Fragments, field: Selected): Write<ImageSetRow> {
  const write = object(
    fieldsBelow(fragments, field, 'DicomTags').map(({ key, name }) => [
      key,
      writerIn(tags, name, 'DicomTags'),
    ]),
  );
  return ({ dicomTags }) => (dicomTags === null || dicomTags === undefined ? 'null' : write(dicomTags));
}

/** @throws {Unusual} for a field that is not in the table */
export function writerIn<Value>(
  table: Readonly<Record<string, Write<Value>>>,
  name: string,
  type: string,
): Write<Value> {
  if (name === '__typename') return () => formedText(type);
  const write = Object.hasOwn(table, name) ? table[name] : undefined;
  if (write === undefined) throw new Unusual();
  return write;
}
