import type { FhirAuditEvent } from './formats/validFormats.ts';

/** What distinguishes an event from others. */
export function eventSummary(text: string) {
  const { subtype, type, outcome, outcomeDesc, entity } = JSON.parse(text) as FhirAuditEvent;
  const details = entity.flatMap(({ detail = [] }) => detail);
  const query = entity.find((each) => each.query !== undefined)?.query;
  const patient = entity.find(({ what }) => what?.type === 'Patient')?.what;
  return {
    what: type.code === 'rest' ? subtype[0]?.code : type.code,
    outcome: outcomeDesc ?? (outcome === '0' ? 'success' : outcome),
    ...(query !== undefined && { query: JSON.parse(Buffer.from(query, 'base64').toString()) as unknown }),
    ...(patient !== undefined && { patient: patient.identifier?.value }),
    ...Object.fromEntries(
      details.map(({ type: name, valueString }) => [name, valueString.split(' ').length]),
    ),
  };
}
