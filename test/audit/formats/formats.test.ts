import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { AuditedAction, AuditEvent } from '../../../src/audit/auditEvent.ts';
import { dicomAuditMessage } from '../../../src/audit/formats/dicom.ts';
import { fhirAuditEvent } from '../../../src/audit/formats/fhir.ts';
import { errorTable, type ErrorCode } from '../../../src/errors.ts';
import { faultsOfDicom, faultsOfFhir } from './validFormats.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '\u0000',
    '\uD800',
    '\uFFFE',
    ' ',
    '\u2028',
    '\n',
    ']]>',
    '"><&\'',
    '\u000B',
    '\u00A0',
    '<!--',
  ),
);
const id = fc.stringMatching(/^[0-9a-z]{32}$/);
const hash = fc.option(fc.stringMatching(/^[0-9a-f]{64}$/), { nil: undefined });
const code = fc.constantFrom(...(Object.keys(errorTable) as ErrorCode[]));
const outcome = fc.oneof(
  fc.constant({ kind: 'success' } as const),
  fc.record({ kind: fc.constantFrom('denied', 'failed'), code }),
);
const action: fc.Arbitrary<AuditedAction> = fc.oneof(
  fc.record({
    kind: fc.constant('search' as const),
    datastoreId: fc.option(id, { nil: undefined }),
    conditions: fc.array(
      fc.record({
        field: fc.constantFrom('patientId', 'createdAt', 'isPrimary'),
        operator: fc.constantFrom('EQUAL' as const, 'BETWEEN' as const, undefined),
        valueHashes: fc.option(
          fc.array(fc.stringMatching(/^[0-9a-f]{64}$/), { minLength: 1, maxLength: 2 }),
          {
            nil: undefined,
          },
        ),
      }),
      { maxLength: 2 },
    ),
    sort: fc.constantFrom(undefined, { field: 'UPDATED_AT', order: 'ASC' }),
    first: fc.option(fc.integer(), { nil: undefined }),
    continued: fc.boolean(),
    imageSetIds: fc.array(id, { maxLength: 3 }),
    outcome,
  }),
  fc.record({
    kind: fc.constant('read' as const),
    datastoreId: fc.option(id, { nil: undefined }),
    reads: fc.array(
      fc.record({
        operation: fc.constantFrom('GetImageSet', 'GetImageSetMetadata', 'GetDatastore'),
        imageSetIds: fc.array(id, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    outcome,
  }),
  fc.record({
    kind: fc.constant('refusal' as const),
    outcome: fc.record({ kind: fc.constant('denied' as const), code }),
  }),
);
const event: fc.Arbitrary<AuditEvent> = fc.record({
  requestId: anyText,
  recordedAt: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  address: fc.oneof(fc.ipV4(), fc.ipV6()),
  principal: fc.record({
    issuer: fc.option(fc.webUrl(), { nil: undefined }),
    subject: fc.option(anyText, { nil: undefined }),
    clientId: fc.option(anyText, { nil: undefined }),
    tenant: fc.oneof(fc.constant(''), anyText),
    confinedTo: fc.option(fc.record({ patientHash: hash }), { nil: undefined }),
  }),
  action,
});
const source = 'gateway.hospital.example';

describe('any event, whatever its strings hold', () => {
  test('is a valid AuditEvent of FHIR R4 on one line, by the rules of the BALP profile that it claims', () => {
    fc.assert(
      fc.property(event, (each) => {
        const text = fhirAuditEvent(each, source);
        expect(text).not.toContain('\n');
        expect(faultsOfFhir(text)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('is a valid audit message of DICOM PS3.15 on one line', async () => {
    const texts = fc.sample(event, { numRuns: 300, seed: 1 }).map((each) => dicomAuditMessage(each, source));
    expect(texts.filter((text) => /[\n\r]/.test(text))).toEqual([]);
    expect(await faultsOfDicom(texts)).toEqual([]);
  });
});

test('the checks of both formats find faults', async () => {
  const [one] = fc.sample(
    event.filter((each) => each.action.kind === 'search' && each.action.outcome.kind === 'success'),
    { numRuns: 1, seed: 7 },
  );
  if (one === undefined) throw new Error('expected an event');
  const fhir = JSON.parse(fhirAuditEvent(one, source)) as { agent: object[] };
  expect(faultsOfFhir(JSON.stringify({ ...fhir, agent: fhir.agent.slice(1) }))).not.toEqual([]);
  expect(faultsOfFhir(JSON.stringify({ ...fhir, action: 'X' }))).not.toEqual([]);
  const dicom = dicomAuditMessage(one, source);
  const wrong = [
    dicom.replace('EventActionCode="E"', 'EventActionCode="X"'),
    dicom.replace('csd-code', 'code'),
  ];
  for (const text of wrong) expect(await faultsOfDicom([text])).not.toEqual([]);
});

const search: AuditEvent = {
  requestId: 'a-request',
  recordedAt: '2026-11-24T08:00:00.000Z',
  address: '192.0.2.7',
  principal: {
    issuer: 'https://issuer.example',
    subject: 'Dr. "O\'Hara" <a&b>',
    clientId: 'viewer',
    tenant: 'north',
    confinedTo: undefined,
  },
  action: {
    kind: 'search',
    datastoreId: 'd'.repeat(32),
    conditions: [{ field: 'patientId', operator: 'EQUAL', valueHashes: ['f'.repeat(64)] }],
    sort: { field: 'UPDATED_AT', order: 'DESC' },
    first: 5,
    continued: true,
    imageSetIds: ['1'.repeat(32), '2'.repeat(32)],
    outcome: { kind: 'success' },
  },
};

const queryOfSearch = {
  datastoreId: 'd'.repeat(32),
  filter: [{ field: 'patientId', operator: 'EQUAL', valueHashes: ['f'.repeat(64)] }],
  sort: { field: 'UPDATED_AT', order: 'DESC' },
  first: 5,
  continued: true,
};

test('a search as a FHIR AuditEvent names fields, never values', () => {
  const { entity, ...rest } = JSON.parse(fhirAuditEvent(search, source)) as { entity: { query?: string }[] };
  const [query, ...others] = entity;
  expect(JSON.parse(Buffer.from(query?.query ?? '', 'base64').toString())).toEqual(queryOfSearch);
  expect({ ...rest, query: { ...query, query: undefined }, others }).toMatchObject({
    meta: { profile: ['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery'] },
    recorded: '2026-11-24T08:00:00.000Z',
    outcome: '0',
    query: { description: 'patientId EQUAL, sort UPDATED_AT DESC, first 5, continued by cursor' },
    others: [
      {
        what: { identifier: { value: 'd'.repeat(32) } },
        detail: [
          { type: 'rows', valueString: '2' },
          { type: 'imageSetIds', valueString: `${'1'.repeat(32)} ${'2'.repeat(32)}` },
        ],
      },
      { what: { type: 'Patient', identifier: { value: 'f'.repeat(64) } } },
      { what: { identifier: { value: 'a-request' } } },
    ],
  });
});

test('a search as a DICOM audit message is a Query, with its strings escaped', () => {
  const text = dicomAuditMessage(search, source);
  expect(text).toContain('<EventID csd-code="110112" codeSystemName="DCM" originalText="Query"/>');
  expect(text).toContain(
    'UserID="Dr. &quot;O\'Hara&quot; &lt;a&amp;b&gt;" AlternativeUserID="https://issuer.example"',
  );
  const [, query = ''] = /<ParticipantObjectQuery>([^<]*)</.exec(text) ?? [];
  expect(JSON.parse(Buffer.from(query, 'base64').toString())).toEqual(queryOfSearch);
});
