/** What one SMART on FHIR scope grants of ImagingStudy. */
export interface ImagingScope {
  /** `patient`: of the launch's patient only. */
  readonly level: 'patient' | 'user' | 'system';
  readonly search: boolean;
  readonly read: boolean;
}

// Letters of version 2 in this order, words of version 1. A scope with search parameters (`?modality=CT`) grants a part
// that HealthImaging's searches cannot be held to: it is none of these, and grants nothing.
const scopeForm = /^(patient|user|system)\/(?:ImagingStudy|\*)\.(?:(c?r?u?d?s?)|(read|write|\*))$/;

/**
 * SMART App Launch 2.2, "Scopes for requesting FHIR Resources": `user/ImagingStudy.rs`, and version 1's
 * `user/ImagingStudy.read`. Undefined for any scope that grants neither search nor read of image sets.
 */
export function imagingScopeOf(scope: string): ImagingScope | undefined {
  const [, level, letters = '', word = ''] = scopeForm.exec(scope) ?? [];
  if (level !== 'patient' && level !== 'user' && level !== 'system') return undefined;
  const whole = word === 'read' || word === '*';
  const search = whole || letters.includes('s');
  const read = whole || letters.includes('r');
  return search || read ? { level, search, read } : undefined;
}
