/** What a SMART on FHIR scope grants on ImagingStudy. */
export interface ImagingScope {
  /** `patient`: only for the patient of the launch. */
  readonly level: 'patient' | 'user' | 'system';
  readonly search: boolean;
  readonly read: boolean;
}

// Version 2's letters, in this order, or version 1's words. A scope with search parameters (`?modality=CT`) does not match:
// HealthImaging's searches could not be confined to the part that it grants, so it grants nothing.
const scopeForm = /^(patient|user|system)\/(?:ImagingStudy|\*)\.(?:(c?r?u?d?s?)|(read|write|\*))$/;

/**
 * Whether a claim with scopes has one that is for the patient of the launch: for any resource, with or without parameters,
 * well-formed or not, and however the claim has them: a list in a list, or one text with commas or tabs.
 */
export function hasPatientScope(claim: unknown): boolean {
  const parts = [claim];
  // Goes on over what is added meanwhile.
  for (const part of parts) {
    if (typeof part === 'string' && /(?<!\w)patient\//i.test(part)) return true;
    if (typeof part === 'object' && part !== null) parts.push(...(Object.values(part) as unknown[]));
  }
  return false;
}

/**
 * SMART App Launch 2.2, "Scopes for requesting FHIR Resources": `user/ImagingStudy.rs`, or version 1's
 * `user/ImagingStudy.read`. Undefined for a scope that grants neither search nor read.
 */
export function imagingScopeOf(scope: string): ImagingScope | undefined {
  const [, level, letters = '', word = ''] = scopeForm.exec(scope) ?? [];
  if (level !== 'patient' && level !== 'user' && level !== 'system') return undefined;
  const isVersion1 = word === 'read' || word === '*';
  const search = isVersion1 || letters.includes('s');
  const read = isVersion1 || letters.includes('r');
  return search || read ? { level, search, read } : undefined;
}
