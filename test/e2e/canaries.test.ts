import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { canaries } from '../support/canaries/canaries.ts';
import { createDetector, type Finding } from '../support/canaries/canaryDetector.ts';
import { forkCanaryGateways, type CanaryGateways } from '../support/canaries/canaryGateways.ts';
import { cursorsOf, errorsOf, parsed, send, type Reply } from '../support/canaries/canaryReplies.ts';
import { canaryRequests, pagedSearch, type Credentials } from '../support/canaries/canaryRequests.ts';
import { startFaultServer, type FaultServer } from '../support/upstream/faultServer.ts';
import { signers, signToken } from '../support/tokens/signToken.ts';
import { published, startTestIssuer, type TestIssuer } from '../support/tokens/testIssuer.ts';
import {
  upstreamFaultsOf,
  wholeUpstreamOf,
  type UpstreamFault,
  type UpstreamWords,
} from '../support/upstream/upstreamFaults.ts';

const audience = 'healthimaging-graphql';
/** Not one of the forty: it is put where none may be, to see that it is found there. */
const planted = 'Planted_Nightingale_Florentine';
const detect = createDetector({ ...canaries, planted });

const words: UpstreamWords = {
  text: [
    ...[canaries.upstreamName, canaries.upstreamPatientId, canaries.birthDate, canaries.studyTime],
    ...[canaries.upstreamAccession, canaries.upstreamStudyUid, canaries.upstreamSeriesUid],
    ...[canaries.description, canaries.quotedName, canaries.markedName, canaries.japaneseName],
  ].join('; '),
  header: `${canaries.upstreamPatientId} ${canaries.patientName} ${canaries.birthDate} ${canaries.upstreamToken}`,
  tags: {
    DICOMPatientId: canaries.upstreamPatientId,
    DICOMPatientName: canaries.upstreamName,
    DICOMPatientBirthDate: canaries.birthDate,
    DICOMStudyInstanceUID: canaries.upstreamStudyUid,
    DICOMStudyId: canaries.upstreamStudyId,
    DICOMStudyDescription: canaries.description,
    DICOMAccessionNumber: canaries.upstreamAccession,
    DICOMSeriesInstanceUID: canaries.upstreamSeriesUid,
    DICOMStudyDate: canaries.studyDate,
    DICOMStudyTime: canaries.studyTime,
  },
};

type Claims = Readonly<Record<string, unknown>>;

/** All that one gateway gave out while its upstream was broken. */
interface Outcome {
  readonly replies: readonly Reply[];
  readonly metrics: string;
  readonly audit: string;
}

const isProduction = (index: number) => index % 2 === 0;

const names = (findings: readonly Finding[]) => findings.map(({ canary }) => canary).toSorted();

describe('forty canaries', () => {
  const faults = upstreamFaultsOf(words);
  let gateways: CanaryGateways;
  let issuer: TestIssuer;
  let directory: string;
  let credentials: Credentials;
  const outcomes: Outcome[] = [];
  let spans = '';
  let plantedMetrics = '';
  let exitCode: unknown;

  function environmentOf(index: number): Record<string, string> {
    return {
      LOG_LEVEL: 'trace',
      NODE_ENV: isProduction(index) ? 'production' : 'development',
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: audience,
      AUDIT: 'on',
      AUDIT_FILE: join(directory, `audit-${index}`),
      AUDIT_FORMAT: index % 4 < 2 ? 'fhir' : 'dicom',
      LIMIT_COST: '100000',
      COST_PER_MINUTE: '100000000',
    };
  }

  /** A gateway and an upstream of its own, both of which have answered before. */
  async function goThrough(fault: UpstreamFault, index: number): Promise<void> {
    const whole = wholeUpstreamOf(words);
    const server: FaultServer = await startFaultServer(whole);
    const name = `canary-upstream-${index}.test`;
    let pointed: Promise<unknown> | undefined;
    const pointAt = (target: string) => {
      pointed = gateways.order({ kind: 'point', name, target });
    };
    pointAt('127.0.0.1');
    const environment = environmentOf(index);
    const endpoint = server.url.replace('127.0.0.1', name);
    const url = (await gateways.order({ kind: 'start', endpoint, environment })) as string;
    const [first] = canaryRequests(credentials, '');
    const search = { ...first, form: 'before', body: JSON.stringify(pagedSearch(2)) };
    let before = await send(url, search);
    // A machine that has too much to do answers late.
    for (let tries = 1; tries < 5 && cursorsOf(before).length === 0; tries += 1)
      before = await send(url, search);
    const after = cursorsOf(before).at(-1);
    if (after === undefined) throw new Error(`Expected a cursor before the fault: ${before.body}`);
    fault.begin({ server, pointAt });
    await pointed;
    const replies = await Promise.all(
      canaryRequests(credentials, after).map((request) => send(url, request)),
    );
    const metrics = await (await fetch(`${url}/metrics`)).text();
    await gateways.order({ kind: 'stop', url });
    await server.close();
    const audit = await readFile(environment['AUDIT_FILE'] ?? '', 'utf8');
    outcomes[index] = { replies: [before, ...replies], metrics, audit };
  }

  /** As the name of a registered operation, which may stand in metrics and spans; @returns the metrics. */
  async function plantName(): Promise<string> {
    const body = `query ${planted} { __typename }`;
    const operations = [{ id: '1', name: planted, type: 'query', body }];
    const manifest = join(directory, 'manifest.json');
    await writeFile(
      manifest,
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    );
    const url = (await gateways.order({
      kind: 'start',
      endpoint: 'http://127.0.0.1:9',
      environment: { SAFELIST_MODE: 'enforce', SAFELIST_MANIFEST: manifest },
    })) as string;
    const headers = { 'content-type': 'application/json' };
    await send(url, { form: 'registered', headers, body: JSON.stringify({ query: body }) });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    await gateways.order({ kind: 'stop', url });
    return metrics;
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'canaries-'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    issuer = await startTestIssuer([published(privateKey, 'key-1', 'RS256')]);
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = {
      ...{ iss: issuer.url, aud: audience, iat: now, exp: now + 3_600, scope: 'user/ImagingStudy.rs' },
      ...{ sub: canaries.subject, name: canaries.userName, email: canaries.email, jti: canaries.tokenId },
      ...{ fhirUser: canaries.fhirUser, nickname: canaries.accentedName },
    };
    const token = (changed: Claims, header: Claims = {}) =>
      signToken(
        { alg: 'RS256', kid: 'key-1', typ: 'at+jwt', ...header },
        { ...claims, ...changed },
        signers.rs256(privateKey),
      );
    credentials = {
      user: token({}),
      confined: token({ scope: 'patient/ImagingStudy.rs', patient: canaries.confinedPatientId }),
      refused: [
        canaries.bearerToken,
        token({ exp: now - 3_600 }),
        token({ iss: `https://${canaries.path}.example` }),
        token({ aud: canaries.email }),
        token({ scope: `user/${canaries.path}.rs` }),
        token({}, { alg: 'none', kid: canaries.tokenId }),
        token({}, { kid: canaries.fhirUser }),
      ],
    };
    gateways = await forkCanaryGateways();
    const waiting = [...faults.entries()];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await goThrough(next[1], next[0]);
      }
    };
    await Promise.all(Array.from({ length: 10 }, lane));
    for (const place of ['stdout', 'stderr'] as const) {
      await gateways.order({ kind: 'plant', place, text: `${place}: ${planted}` });
    }
    plantedMetrics = await plantName();
    spans = (await gateways.order({ kind: 'spans' })) as string;
    exitCode = await gateways.end();
  }, 300_000);

  afterAll(async () => {
    await issuer.close();
    await rm(directory, { recursive: true });
  });

  test('have all been said to the gateway, by its clients or by its upstream', () => {
    const requests = canaryRequests(credentials, 'after');
    const said = [
      JSON.stringify(requests),
      JSON.stringify(words),
      JSON.stringify(pagedSearch(2)),
      ...credentials.refused,
      credentials.user,
      credentials.confined,
    ];
    expect(names(detect(...said))).toEqual(Object.keys(canaries).toSorted());
  });

  test('have gone through every fault', () => {
    const missed = faults.filter(({ first, later }, index) => {
      const replies = outcomes[index]?.replies ?? [];
      const codes = new Set(
        replies.flatMap((each) => parsed(each).errors ?? []).map(({ extensions }) => extensions.code),
      );
      // A machine that has too much to do is a fault, too.
      const expected = [...first, ...later, 'UPSTREAM_TIMEOUT'];
      return first.length > 0 && !expected.some((code) => codes.has(code));
    });
    expect(missed.map(({ fault }) => fault)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test.each([...faults.entries()].map(([index, { fault }]) => ({ index, fault })))(
    'are in no header or error of a reply: $fault',
    ({ index }) => {
      const production = isProduction(index);
      const leaks = (outcomes[index]?.replies ?? []).flatMap((reply) => {
        const text = errorsOf(reply, { production });
        return detect(text).map((found) => ({ ...found, request: reply.form, reply: text }));
      });
      expect(leaks).toEqual([]);
    },
  );

  test('are found in replies that hold them: in the rows that were asked for, and as names in errors', () => {
    const replies = outcomes.flatMap((outcome) => outcome.replies);
    const rows = replies.filter(({ form }) => form === 'before').map(({ body }) => body);
    expect(names(detect(...rows))).toEqual([
      'aliasName',
      'birthDate',
      'description',
      'upstreamName',
      'upstreamPatientId',
      'upstreamStudyUid',
    ]);
    const errors = replies.map((reply) => JSON.stringify(parsed(reply).errors ?? []));
    expect(names(detect(...errors))).toEqual(['aliasName', 'fieldName', 'operationName', 'variableName']);
  });

  test('are in no cursor', () => {
    const cursors = outcomes.flatMap(({ replies }) => replies.flatMap(cursorsOf));
    expect(detect(...cursors)).toEqual([]);
    expect(cursors.length).toBeGreaterThan(100);
    const sample = Buffer.from(cursors[0] ?? '', 'base64url');
    expect(detect(Buffer.concat([sample, Buffer.from(planted)]).toString('base64url'))).toHaveLength(1);
  });
  test('are in no log, at trace level', () => {
    const printed = gateways.printed();
    expect(names(detect(printed))).toEqual(['planted']);
    const lines = printed.split('\n').filter((line) => line !== '');
    const others = lines.filter((line) => !line.startsWith('{"level":'));
    expect(others.toSorted()).toEqual([`stderr: ${planted}`, `stdout: ${planted}`]);
    const count = (text: string) => lines.filter((line) => line.includes(text)).length;
    const replies = outcomes.flatMap((outcome) => outcome.replies);
    // Refusals that come before there is a request have another line.
    expect(count('"msg":"answered"')).toBeGreaterThan(replies.length * 0.9);
    expect(count('"msg":"a request was not authenticated"')).toBeGreaterThanOrEqual(faults.length);
  });

  test('are in no span, of operations and of tries of upstream calls', () => {
    expect(names(detect(spans))).toEqual(['planted']);
    const count = (text: string) => spans.split(text).length - 1;
    expect(count('"name":"Medical Imaging/SearchImageSets"')).toBeGreaterThan(faults.length);
    expect(count('"graphql.operation.type":"query"')).toBeGreaterThan(faults.length);
  });

  test('are in no metric', () => {
    expect(names(detect(...outcomes.map(({ metrics }) => metrics)))).toEqual([]);
    expect(names(detect(plantedMetrics))).toEqual(['planted']);
  });

  test('are in no audit event, but for who asked and the ids of what was read', () => {
    for (const format of ['"resourceType":"AuditEvent"', '<AuditMessage']) {
      const events = outcomes.map(({ audit }) => audit).filter((audit) => audit.includes(format));
      expect(names(detect(...events))).toEqual(['imageSetId', 'subject']);
    }
  });
});
