import { badUserInput } from '../../errors.ts';
import type { SearchCriteria, SearchFilter } from './criteria.ts';
import type { ImageSetRow } from '../imageSet.ts';

/**
 * The same search among one patient's image sets. The patient is one of the two conditions that HealthImaging takes, so
 * the client's filter may have one more.
 *
 * A search for another patient finds nothing, whatever its other condition. It is sent all the same, with both patients:
 * its response then cannot be told from that for a patient without image sets.
 * @throws {GatewayError} BAD_USER_INPUT for two conditions beside the patient
 */
export function confineToPatient(criteria: SearchCriteria, patientId: string): SearchCriteria {
  const own = { operator: 'EQUAL', values: [{ DICOMPatientId: patientId }] } as const;
  const conditions = (criteria.filters ?? []).filter((filter) => patientOf(filter) !== patientId);
  const otherPatient = conditions.find((filter) => patientOf(filter) !== undefined);
  const [condition, ...more] = otherPatient === undefined ? conditions : [otherPatient];
  if (more.length > 0) {
    throw badUserInput(
      'filter',
      'at most one condition, since the patient of your access token is the other',
    );
  }
  return { ...criteria, filters: condition === undefined ? [own] : [own, condition] };
}

/**
 * The rows whose patient id is exactly this text. HealthImaging documents neither how it compares ids (case, trailing
 * spaces) nor that two conditions are joined by AND, so its rows are checked as a read by identifier is.
 */
export function rowsOfPatient(rows: readonly ImageSetRow[], patientId: string): ImageSetRow[] {
  return rows.filter(({ dicomTags }) => dicomTags?.patientId === patientId);
}

function patientOf({ values: [value] }: SearchFilter): string | undefined {
  return 'DICOMPatientId' in value ? value.DICOMPatientId : undefined;
}
