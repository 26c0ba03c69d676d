import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createKeptAnswers } from '../../../src/graphql/projection/keptAnswers.ts';
import { startAuthorizedGateway, type AuthorizedGateway } from '../../support/gateway/authorizedGateway.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { json, startFaultServer, type Fault, type FaultServer } from '../../support/upstream/faultServer.ts';
import { wireSummary } from '../../support/upstream/wireSummaries.ts';

describe('answers', () => {
  const place = (pageRows: object, text = 'window', form = '1 true') => ({
    connection: { pageRows, text: () => text },
    form,
  });
  const answer = Buffer.from('{}');

  test('are kept from the second time on, for the same rows, window and form', () => {
    const answers = createKeptAnswers(10_000);
    const rows = [1];
    answers.keep(place(rows), answer);
    expect(answers.find(place(rows))).toBeUndefined();
    answers.keep(place(rows), answer);
    expect(answers.find(place(rows))).toBe(answer);
    const others = [place([1]), place(rows, 'another'), place(rows, 'window', '2 true')];
    expect(others.map((other) => answers.find(other))).toEqual([undefined, undefined, undefined]);
  });

  test('are bounded together', () => {
    const answers = createKeptAnswers(10_000);
    const pages = Array.from({ length: 20 }, () => [1]);
    for (const rows of [...pages, ...pages]) answers.keep(place(rows), Buffer.alloc(2_000));
    expect(pages.filter((rows) => answers.find(place(rows)) !== undefined)).toHaveLength(4);
  });

  test('are not kept without room', () => {
    const answers = createKeptAnswers(0);
    const rows = [1];
    for (let time = 0; time < 3; time += 1) answers.keep(place(rows), answer);
    expect(answers.find(place(rows))).toBeUndefined();
  });
});

describe('a page that is kept, asked for again and again', () => {
  const otherDatastoreId = 'e'.repeat(32);
  const query =
    'query ($in: ID) { imageSets(datastoreId: $in, first: 3) { edges { cursor node { id dicomTags { patientId } } } pageInfo { hasNextPage endCursor } } }';
  let upstream: FaultServer;
  const gateways: AuthorizedGateway[] = [];

  beforeAll(async () => {
    const rows = ['A', 'B', 'A', 'B', 'A'].map((patient, index) =>
      wireSummary(index, { DICOMPatientId: `SAMPLE-${patient}` }),
    );
    // A service that takes no heed of the patient that was asked for: the gateway itself has to.
    const serve: Fault = (socket, request) => json({ imageSetsMetadataSummaries: rows })(socket, request);
    upstream = await startFaultServer(serve);
    for (const projection of [true, false])
      gateways.push(
        await startAuthorizedGateway({
          endpoint: upstream.url,
          datastoreIds: [datastoreId, otherDatastoreId],
          environment: { PAGE_FRESH_MS: '60000', COST_PER_MINUTE: '1000000', AUTH_TENANT_CLAIM: 'tenant' },
          cursorKeys: [Buffer.alloc(32, 7)],
          projection,
        }),
      );
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await upstream.close();
  });

  const withoutCursors = (value: unknown) =>
    JSON.stringify(value).replaceAll(/"(cursor|endCursor)":"[^"]+"/g, '');
  const scope = 'user/ImagingStudy.rs';
  const asks: readonly (readonly [string, Readonly<Record<string, unknown>>, string | undefined])[] = [
    ['one principal', { sub: 'user-1', tenant: 'clinic-1', scope }, undefined],
    ['another principal', { sub: 'user-2', tenant: 'clinic-1', scope }, undefined],
    ['one of another tenant', { sub: 'user-1', tenant: 'clinic-2', scope }, undefined],
    [
      'a patient',
      { sub: 'user-3', tenant: 'clinic-1', scope: 'patient/ImagingStudy.rs', patient: 'SAMPLE-A' },
      undefined,
    ],
    [
      'another patient',
      { sub: 'user-3', tenant: 'clinic-1', scope: 'patient/ImagingStudy.rs', patient: 'SAMPLE-B' },
      undefined,
    ],
    ['one principal, in another data store', { sub: 'user-1', tenant: 'clinic-1', scope }, otherDatastoreId],
  ];

  test('is answered to each as graphql-js does, and to nobody with what is another’s', async () => {
    const answersOf = new Map<string, unknown>();
    for (let time = 0; time < 5; time += 1) {
      for (const [who, claims, datastore] of asks) {
        const answers = [];
        for (const gateway of gateways) {
          const { status, body } = await gateway.query(query, { in: datastore }, gateway.bearer(claims));
          answers.push({ status, body });
        }
        const [projected, executed] = answers;
        // Issuers differ, and with them the cursors.
        expect([who, withoutCursors(projected)]).toEqual([who, withoutCursors(executed)]);
        expect([who, projected]).toEqual([who, answersOf.get(who) ?? projected]);
        answersOf.set(who, projected);
      }
    }
    const texts = [...answersOf.values()].map((each) => JSON.stringify(each));
    expect(texts.filter((text) => text.includes('"data":{"imageSets":{'))).toHaveLength(asks.length);
    expect(new Set(texts).size).toBe(asks.length);
    const cursors = texts.flatMap((text) =>
      [...text.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor]) => cursor),
    );
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(texts[3]).not.toContain('SAMPLE-B');
    expect(texts[4]).not.toContain('SAMPLE-A');
    // Once for each search, by each gateway, but for those who share a page.
    expect(upstream.requests.length).toBeLessThan(gateways.length * asks.length);
  });
});
