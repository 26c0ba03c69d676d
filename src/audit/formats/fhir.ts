import {
  outcomeIndicator,
  outcomeText,
  patientOf,
  type AuditedAction,
  type AuditEvent,
  type AuditForm,
} from '../auditEvent.ts';
import { plainText } from './plainText.ts';
import { queryInWords, queryText } from './queryText.ts';

interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const coding =
  (system: string) =>
  (code: string, display: string): Coding => ({ system, code, display });
const terminology = 'http://terminology.hl7.org/CodeSystem';
const balp = 'https://profiles.ihe.net/ITI/BALP';
const dcm = coding('http://dicom.nema.org/resources/ontology/DCM');
const interaction = coding('http://hl7.org/fhir/restful-interaction');
const entityType = coding(`${terminology}/audit-entity-type`);
const objectRole = coding(`${terminology}/object-role`);

const restful = coding(`${terminology}/audit-event-type`)('rest', 'Restful Operation');
const informationRecipient = coding(`${terminology}/v3-ParticipationType`)('IRCP', 'information recipient');
const healthcareProvider = coding(`${terminology}/v3-RoleClass`)('PROV', 'healthcare provider');
const applicationServer = coding(`${terminology}/security-source-type`)('4', 'Application Server');
const requestIdType = coding(`${balp}/CodeSystem/BasicAuditEntityType`)('XrequestId', 'X-Request-Id');
const imagingStudy = coding('http://hl7.org/fhir/resource-types')('ImagingStudy', 'ImagingStudy');
const sourceRole = dcm('110153', 'Source Role ID');
const destinationRole = dcm('110152', 'Destination Role ID');

const identifierSystem = {
  datastore: 'urn:healthimaging-graphql:datastore-id',
  client: 'urn:healthimaging-graphql:client-id',
  tenant: 'urn:healthimaging-graphql:tenant',
  patient: 'urn:healthimaging-graphql:patient-hash',
} as const;

/**
 * FHIR R4's AuditEvent as JSON on one line, after IHE's Basic Audit Log Patterns (BALP): Query and PatientQuery for searches,
 * Read and PatientRead for reads. The profiles describe successes; events of what was denied or failed have the same pattern
 * without claiming a profile. Two differences: names of fields and keyed hashes in place of BALP's raw query, which would
 * hold patients' identifiers; and one event a search that names its image sets, where BALP has one for each patient found.
 */
export const fhirAuditEvent: AuditForm = (event, source) => {
  const { action, recordedAt } = event;
  const { outcome } = action;
  const profile = profileOf(event);
  return JSON.stringify({
    resourceType: 'AuditEvent',
    ...(profile !== undefined && { meta: { profile: [`${balp}/StructureDefinition/${profile}`] } }),
    ...typeOf(action),
    action: action.kind === 'read' ? 'R' : 'E',
    recorded: recordedAt,
    outcome: outcomeIndicator(outcome),
    outcomeDesc: outcomeText(outcome),
    agent: agents(event, source),
    source: { observer: { display: source }, type: [applicationServer] },
    entity: [...entitiesOf(action), ...patients(event), transaction(event)],
  });
};

function profileOf(event: AuditEvent): string | undefined {
  const { action } = event;
  if (action.outcome.kind !== 'success' || action.kind === 'refusal') return undefined;
  const interactionName = action.kind === 'search' ? 'Query' : 'Read';
  return `IHE.BasicAudit.${patientOf(event) === undefined ? '' : 'Patient'}${interactionName}`;
}

function typeOf(action: AuditedAction): { readonly type: Coding; readonly subtype: readonly Coding[] } {
  switch (action.kind) {
    case 'search':
      return { type: restful, subtype: [interaction('search', 'search')] };
    case 'read':
      return { type: restful, subtype: [interaction('read', 'read')] };
    case 'refusal':
      return action.outcome.code === 'UNAUTHENTICATED'
        ? { type: dcm('110114', 'User Authentication'), subtype: [dcm('110122', 'Login')] }
        : { type: dcm('110113', 'Security Alert'), subtype: [dcm('110132', 'Use of Restricted Function')] };
  }
}

function agents({ principal, address, action }: AuditEvent, source: string): object[] {
  const { clientId, issuer, subject, tenant } = principal;
  // The source role is the client's in a query, and the server's in a read.
  const [client, server] =
    action.kind === 'read' ? [destinationRole, sourceRole] : [sourceRole, destinationRole];
  return [
    {
      type: { coding: [client] },
      who:
        clientId === undefined ? { display: 'unidentified' } : identified(identifierSystem.client, clientId),
      requestor: false,
      network: { address: plainText(address), type: '2' },
    },
    {
      type: { coding: [server] },
      who: { display: source },
      requestor: false,
      network: { address: source, type: '1' },
    },
    {
      type: { coding: [informationRecipient] },
      who: subject === undefined ? { display: 'anonymous' } : identified(issuer, subject),
      requestor: true,
    },
    ...(tenant === ''
      ? []
      : [
          {
            type: { coding: [healthcareProvider] },
            who: identified(identifierSystem.tenant, tenant),
            requestor: false,
          },
        ]),
  ];
}

function entitiesOf(action: AuditedAction): object[] {
  switch (action.kind) {
    case 'search':
      return [
        {
          type: entityType('2', 'System Object'),
          role: objectRole('24', 'Query'),
          description: queryInWords(action),
          query: Buffer.from(queryText(action)).toString('base64'),
        },
        {
          type: imagingStudy,
          role: objectRole('4', 'Domain Resource'),
          ...(action.datastoreId !== undefined && {
            what: identified(identifierSystem.datastore, action.datastoreId),
          }),
          detail: [
            detail('rows', String(action.imageSetIds.length)),
            ...(action.imageSetIds.length === 0 ? [] : [detail('imageSetIds', action.imageSetIds.join(' '))]),
          ],
        },
      ];
    case 'read':
      return [
        {
          type: entityType('2', 'System Object'),
          role: objectRole('4', 'Domain Resource'),
          what:
            action.datastoreId === undefined
              ? { display: 'not configured' }
              : identified(identifierSystem.datastore, action.datastoreId),
          detail: action.reads.map(({ operation, imageSetIds }) =>
            detail(operation, imageSetIds.length === 0 ? 'the data store' : imageSetIds.join(' ')),
          ),
        },
      ];
    case 'refusal':
      return [];
  }
}

function patients(event: AuditEvent): object[] {
  const patient = patientOf(event);
  if (patient === undefined) return [];
  const { hash } = patient;
  return [
    {
      type: entityType('1', 'Person'),
      role: objectRole('1', 'Patient'),
      what: {
        type: 'Patient',
        ...(hash === undefined ? { display: 'withheld' } : identified(identifierSystem.patient, hash)),
      },
    },
  ];
}

const transaction = ({ requestId }: AuditEvent): object => ({
  type: requestIdType,
  what: { identifier: { value: plainText(requestId) } },
});

const detail = (type: string, valueString: string): object => ({ type, valueString });

const identified = (system: string | undefined, value: string): object => ({
  identifier: { ...(system !== undefined && { system }), value: plainText(value) },
});
