import { badUserInput } from '../../errors.ts';
import type { SearchCriteria, SearchFilter } from './criteria.ts';
import type { ImageSetRow } from '../imageSet.ts';

/**
 * The same search among the image sets of one patient: the patient is a condition of it, so what a client asks for may
 * have one more beside it (HealthImaging takes two).
 *
 * A search for another patient finds nothing, however much else it asks. It goes upstream all the same, with both
 * patients: its answer then does not differ from that of a patient who has no image sets.
 * @throws {GatewayError} BAD_USER_INPUT for two conditions beside the patient
 */
export function confineToPatient(criteria: SearchCriteria, patientId: string): SearchCriteria {
  const own = { operator: 'EQUAL', values: [{ DICOMPatientId: patientId }] } as const;
  const conditions = (criteria.filters ?? []).filter((filter) => patientOf(filter) !== patientId);
  const otherPatient = conditions.find((filter) => patientOf(filter) !== undefined);
  const [condition, ...more] = otherPatient === undefined ? conditions : [otherPatient];
  if (more.length > 0) {
    throw badUserInput('filter', 'at most one condition, since the patient of your token is another one');
  }
  return { ...criteria, filters: condition === undefined ? [own] : [own, condition] };
}

/**
 * Those of the patient, as text. HealthImaging does not say how it compares (case, blanks at the end), nor that two
 * conditions are both to hold: what it finds is looked at once more, with the eyes of a read by identifier.
 */
export function rowsOfPatient(rows: readonly ImageSetRow[], patientId: string): ImageSetRow[] {
  return rows.filter(({ dicomTags }) => dicomTags?.patientId === patientId);
}

function patientOf({ values: [value] }: SearchFilter): string | undefined {
  return 'DICOMPatientId' in value ? value.DICOMPatientId : undefined;
}
