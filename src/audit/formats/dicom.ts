import {
  outcomeIndicator,
  outcomeText,
  patientOf,
  type AuditedAction,
  type AuditEvent,
  type AuditForm,
} from '../auditEvent.ts';
import { queryText } from './queryText.ts';
import { element, escapeXml } from './xml.ts';

interface Code {
  readonly code: string;
  readonly system: string;
  readonly meaning: string;
}

/** Codes of PS3.16, context groups 400 to 402 and 404. */
const dcm = (code: string, meaning: string): Code => ({ code, system: 'DCM', meaning });
const query = dcm('110112', 'Query');
const instancesAccessed = dcm('110103', 'DICOM Instances Accessed');
const userAuthentication = dcm('110114', 'User Authentication');
const login = dcm('110122', 'Login');
const securityAlert = dcm('110113', 'Security Alert');
const restrictedFunction = dcm('110132', 'Use of Restricted Function');
const sourceRole = dcm('110153', 'Source Role ID');
const destinationRole = dcm('110152', 'Destination Role ID');

/** What the identifiers of participating objects are; neither DICOM nor RFC 3881 has codes for them. */
const own = (code: string, meaning: string): Code => ({ code, system: 'healthimaging-graphql', meaning });
const datastoreIdentifier = own('datastoreId', 'HealthImaging data store');
const requestIdentifier = own('requestId', 'X-Request-Id');
const patientHash = own('patientHash', 'Keyed hash of the Patient ID');

const coded = (name: string, { code, system, meaning }: Code): string =>
  element(name, { 'csd-code': code, codeSystemName: system, originalText: meaning });

/**
 * The audit message of PS3.15 A.5.1 on one line: Query (A.5.3.10) for searches, DICOM Instances Accessed (A.5.3.6) for
 * reads, User Authentication (A.5.3.12) and Security Alert (A.5.3.11) for operations refused as a whole. The standard's
 * participating objects of a query and of studies would hold values of DICOM tags: a data store stands in their place.
 */
export const dicomAuditMessage: AuditForm = (event, source) =>
  element('AuditMessage', {}, [
    identification(event),
    ...participants(event, source),
    element('AuditSourceIdentification', { AuditSourceID: source }, [
      element('AuditSourceTypeCode', { 'csd-code': '4' }),
    ]),
    ...objects(event),
  ]);

function identification({ recordedAt, action }: AuditEvent): string {
  const [id, type] = eventCodes(action);
  const { outcome } = action;
  const description = outcomeText(outcome);
  return element(
    'EventIdentification',
    {
      EventActionCode: action.kind === 'read' ? 'R' : 'E',
      EventDateTime: recordedAt,
      EventOutcomeIndicator: outcomeIndicator(outcome),
    },
    [
      coded('EventID', id),
      ...(type === undefined ? [] : [coded('EventTypeCode', type)]),
      ...(description === undefined
        ? []
        : [element('EventOutcomeDescription', {}, [escapeXml(description)])]),
    ],
  );
}

function eventCodes(action: AuditedAction): readonly [id: Code, type?: Code] {
  switch (action.kind) {
    case 'search':
      return [query];
    case 'read':
      return [instancesAccessed];
    case 'refusal':
      return action.outcome.code === 'UNAUTHENTICATED'
        ? [userAuthentication, login]
        : [securityAlert, restrictedFunction];
  }
}

function participants({ principal, address, action }: AuditEvent, source: string): string[] {
  // A query flows from the client to the server, what is read the other way.
  const [client, server] =
    action.kind === 'read' ? [destinationRole, sourceRole] : [sourceRole, destinationRole];
  return [
    element(
      'ActiveParticipant',
      {
        UserID: principal.clientId ?? address,
        UserIsRequestor: 'false',
        NetworkAccessPointID: address,
        NetworkAccessPointTypeCode: '2',
      },
      [coded('RoleIDCode', client)],
    ),
    element(
      'ActiveParticipant',
      {
        UserID: source,
        UserIsRequestor: 'false',
        NetworkAccessPointID: source,
        NetworkAccessPointTypeCode: '1',
      },
      [coded('RoleIDCode', server)],
    ),
    element('ActiveParticipant', {
      UserID: principal.subject ?? 'anonymous',
      AlternativeUserID: principal.issuer,
      UserIsRequestor: 'true',
    }),
  ];
}

function objects(event: AuditEvent): string[] {
  const { action, requestId, principal } = event;
  const patient = patientOf(event);
  const tenant = principal.tenant === '' ? [] : [detail('tenant', principal.tenant)];
  return [
    ...(action.kind === 'refusal'
      ? []
      : [
          element(
            'ParticipantObjectIdentification',
            {
              ParticipantObjectID: action.datastoreId ?? 'not configured',
              ParticipantObjectTypeCode: '2',
              ParticipantObjectTypeCodeRole: action.kind === 'search' ? '24' : '3',
            },
            [coded('ParticipantObjectIDTypeCode', datastoreIdentifier), ...contents(action)],
          ),
        ]),
    ...(patient === undefined
      ? []
      : [
          element(
            'ParticipantObjectIdentification',
            {
              ParticipantObjectID: patient.hash ?? 'withheld',
              ParticipantObjectTypeCode: '1',
              ParticipantObjectTypeCodeRole: '1',
            },
            [
              coded('ParticipantObjectIDTypeCode', patientHash),
              element('ParticipantObjectName', {}, ['withheld']),
            ],
          ),
        ]),
    element(
      'ParticipantObjectIdentification',
      { ParticipantObjectID: requestId, ParticipantObjectTypeCode: '4' },
      [
        coded('ParticipantObjectIDTypeCode', requestIdentifier),
        element('ParticipantObjectName', {}, ['X-Request-Id']),
        ...tenant,
      ],
    ),
  ];
}

function contents(action: Exclude<AuditedAction, { kind: 'refusal' }>): string[] {
  if (action.kind === 'search') {
    return [
      element('ParticipantObjectQuery', {}, [base64(queryText(action))]),
      detail('rows', String(action.imageSetIds.length)),
      detail('imageSetIds', action.imageSetIds.join(' ')),
    ];
  }
  return [
    element('ParticipantObjectName', {}, ['HealthImaging data store']),
    ...action.reads.map(({ operation, imageSetIds }) => detail(operation, imageSetIds.join(' '))),
  ];
}

const detail = (type: string, value: string): string =>
  element('ParticipantObjectDetail', { type, value: base64(value) });

const base64 = (text: string): string => Buffer.from(text).toString('base64');
