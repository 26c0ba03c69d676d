import {
  outcomeIndicator,
  outcomeText,
  patientOf,
  type AuditedAction,
  type AuditEvent,
  type AuditForm,
} from '../auditEvent.ts';
import { plainText } from './plainText.ts';
import { queryText } from './queryText.ts';

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

/** Kinds of identifiers of participating objects for which neither DICOM nor RFC 3881 has codes. */
const ownCode = (code: string, meaning: string): Code => ({ code, system: 'healthimaging-graphql', meaning });
const datastoreIdentifier = ownCode('datastoreId', 'HealthImaging data store');
const requestIdentifier = ownCode('requestId', 'X-Request-Id');
const patientHash = ownCode('patientHash', 'Keyed hash of the Patient ID');

const coded = (name: string, { code, system, meaning }: Code): string =>
  element(name, { 'csd-code': code, codeSystemName: system, originalText: meaning });

/**
 * The audit message of PS3.15 A.5.1, on one line: Query (A.5.3.10) for searches, DICOM Instances Accessed (A.5.3.6) for
 * reads, User Authentication (A.5.3.12) and Security Alert (A.5.3.11) for operations refused as a whole. Where the standard's
 * participating objects would hold values of DICOM tags (queries, studies), the data store takes their place.
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
  // The source role is the client's in a query, and the server's in a read.
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

type Attributes = Readonly<Record<string, string | undefined>>;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Parsers turn these into spaces in attributes, and a line end would end the line of the event.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return plainText(text).replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? '');
}

/**
 * @param attributes in this order; undefined ones are left out
 * @param content as XML
 */
function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`)
    .join('');
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join('')}</${name}>`;
}
