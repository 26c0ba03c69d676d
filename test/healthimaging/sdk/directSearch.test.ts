import { createHash, createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import type { MedicalImagingClient } from '@aws-sdk/client-medical-imaging';
import fc from 'fast-check';

import { BoundedHttpHandler } from '../../../src/healthimaging/sdk/boundedHttpHandler.ts';
import { createClient, type ClientOptions } from '../../../src/healthimaging/sdk/client.ts';
import { createDirectSearch } from '../../../src/healthimaging/sdk/directSearch.ts';
import type { SearchPageRequest } from '../../../src/healthimaging/api.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';

// What is sent without the SDK's stack, beside what the SDK itself sends for the same search.

interface Sent {
  readonly origin: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ok = () =>
  Promise.resolve({ statusCode: 200, headers: {}, body: Buffer.from('{"imageSetsMetadataSummaries":[]}') });

type SdkRequest = Parameters<BoundedHttpHandler['handle']>[0];

const originOf = ({
  protocol,
  hostname,
  port,
}: {
  protocol: string;
  hostname: string;
  port?: number | undefined;
}) => `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;

/** A client whose requests are kept rather than sent. */
function recordingClient(options: ClientOptions) {
  const client = createClient(options);
  const handler = client.config.requestHandler;
  if (!(handler instanceof BoundedHttpHandler)) throw new TypeError('Expected the gateway’s own handler.');
  const bySdk: Sent[] = [];
  const direct: Sent[] = [];
  handler.handle = async ({ protocol, hostname, port, path, query, headers, body }: SdkRequest) => {
    const request = { protocol, hostname, port, path, headers };
    handler.lastSearch = request;
    bySdk.push({
      ...request,
      origin: originOf(request),
      query: query as Record<string, string>,
      body: String(body),
    });
    const response: unknown = await ok();
    return { response } as Awaited<ReturnType<BoundedHttpHandler['handle']>>;
  };
  handler.exchange = (request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://upstream');
    direct.push({
      ...request,
      origin: originOf(request),
      path: pathname,
      query: Object.fromEntries(searchParams),
    });
    return ok();
  };
  return { client, bySdk, direct };
}

const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.constantFrom('山田', "a'b", '!()*', 'a b+c/=%', '"'),
);
const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });
const equal = fc.oneof(
  fc.record({ DICOMPatientId: text }),
  fc.record({ DICOMStudyInstanceUID: text }),
  fc.record({ isPrimary: fc.boolean() }),
);
const between = fc.oneof(
  fc.tuple(fc.record({ updatedAt: time }), fc.record({ updatedAt: time })),
  fc.tuple(fc.record({ createdAt: time }), fc.record({ createdAt: time })),
  fc.constant([
    { DICOMStudyDateAndTime: { DICOMStudyDate: '20260101' } },
    { DICOMStudyDateAndTime: { DICOMStudyDate: '20260102', DICOMStudyTime: '101500.000000' } },
  ] as const),
);
const filter = fc.oneof(
  equal.map((value) => ({ operator: 'EQUAL' as const, values: [value] as const })),
  between.map((values) => ({ operator: 'BETWEEN' as const, values })),
);
const sort = fc.record({
  sortField: fc.constantFrom('updatedAt' as const, 'createdAt' as const, 'DICOMStudyDateAndTime' as const),
  sortOrder: fc.constantFrom('ASC' as const, 'DESC' as const),
});
const search: fc.Arbitrary<SearchPageRequest> = fc.record(
  {
    datastoreId: fc.constantFrom(datastoreId, 'e'.repeat(32)),
    criteria: fc.record(
      { filters: fc.oneof(fc.tuple(filter), fc.tuple(filter, filter)), sort },
      { requiredKeys: [] },
    ),
    maxResults: fc.integer({ min: 1, max: 50 }),
    nextToken: text,
  },
  { requiredKeys: ['datastoreId', 'criteria', 'maxResults'] },
);

/** SHA-256 as the SDK's signer asks for it. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

/** The signature that the SDK's signer has for what was sent. */
async function authorizationOf(
  sent: Sent,
  client: MedicalImagingClient,
  place: { region: string; service: string },
) {
  const signed = /SignedHeaders=([^,]+)/.exec(sent.headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
  const date = (sent.headers['x-amz-date'] ?? '').replace(
    /(....)(..)(..)T(..)(..)(..)Z/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const signer = new SignatureV4({
    ...place,
    sha256: Sha256 as never,
    credentials: client.config.credentials,
  });
  const { hostname, protocol } = new URL(sent.origin);
  const request = {
    ...{ method: 'POST', protocol, hostname, path: sent.path, query: { ...sent.query }, body: sent.body },
    headers: Object.fromEntries(signed.map((name) => [name, sent.headers[name] ?? ''])),
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(date) });
  return headers['authorization'];
}

const keys = { accessKeyId: 'AKIDSYNTHETIC', secretAccessKey: 'synthetic' };
const clients: Readonly<
  Record<string, ClientOptions & { readonly fips?: boolean; readonly offset?: number }>
> = {
  'AWS in Virginia': { region: 'us-east-1', credentials: keys },
  'AWS in Sydney, with a session token': {
    region: 'ap-southeast-2',
    credentials: { ...keys, sessionToken: 'a token/+=' },
  },
  'AWS with FIPS': { region: 'us-west-2', credentials: keys, fips: true },
  'AWS, with a clock an hour late': { region: 'eu-west-1', credentials: keys, offset: 3_600_000 },
  'an endpoint of its own, with a path': {
    region: 'us-east-1',
    credentials: keys,
    endpoint: 'http://127.0.0.1:4567/a-b/c',
  },
  'an unsigned endpoint': { region: 'us-east-1', endpoint: 'http://127.0.0.1:4567', anonymous: true },
};

describe.each(Object.entries(clients))('%s', (_title, { fips = false, offset = 0, ...options }) => {
  let recording: ReturnType<typeof recordingClient>;
  const how = { abortSignal: new AbortController().signal };
  const before = process.env['AWS_USE_FIPS_ENDPOINT'];

  beforeAll(() => {
    if (fips) process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';
    recording = recordingClient(options);
    recording.client.config.systemClockOffset = offset;
  });
  afterAll(() => {
    if (before === undefined) delete process.env['AWS_USE_FIPS_ENDPOINT'];
    recording.client.destroy();
  });

  test('is asked the same, with a signature that the SDK’s signer gives, too', async () => {
    const { client, bySdk, direct } = recording;
    const send = createDirectSearch(client);
    const any = { datastoreId, criteria: {}, maxResults: 50 };
    await send(any, how);
    expect([bySdk.length, direct.length]).toEqual([1, 0]);
    await fc.assert(
      fc.asyncProperty(search, async (request) => {
        const [sdk, own] = await Promise.all([createDirectSearch(client)(request, how), send(request, how)]);
        expect(sdk.output).toMatchObject(own.output as object);
        expect(JSON.parse(String(own.body))).toMatchObject(without$metadata(own.output));
        const [theirs, ours] = [bySdk.at(-1), direct.at(-1)];
        if (theirs === undefined || ours === undefined)
          throw new Error('Expected both to have sent the search.');
        const { origin, path, query } = theirs;
        expect(ours).toMatchObject({ origin, path, query });
        expect(JSON.parse(ours.body)).toEqual(JSON.parse(theirs.body));
        const same = ['host', 'content-type', 'user-agent', 'x-amz-user-agent', 'x-amz-security-token'];
        for (const name of same) expect([name, ours.headers[name]]).toEqual([name, theirs.headers[name]]);
        if (options.anonymous === true) {
          expect([ours.headers['authorization'], theirs.headers['authorization']]).toEqual([
            undefined,
            undefined,
          ]);
          return;
        }
        const scope = /Credential=\w+\/\d+\/([\w-]+)\/([\w-]+)\//;
        const [, region = '', service = ''] = scope.exec(theirs.headers['authorization'] ?? '') ?? [];
        expect(ours.headers['authorization']).toBe(await authorizationOf(ours, client, { region, service }));
        const [dateOfOurs, dateOfTheirs] = [ours, theirs].map(({ headers }) =>
          headers['x-amz-date']?.slice(0, 11),
        );
        expect(dateOfOurs).toBe(dateOfTheirs);
      }),
      propertyParameters(200),
    );
    expect(direct.length).toBeGreaterThan(0);
  });
});

function without$metadata(output: unknown): object {
  const { $metadata, ...members } = output as { readonly $metadata: unknown };
  expect($metadata).toBeDefined();
  return members;
}

test('credentials that are rotated are taken at once', async () => {
  let number = 0;
  const credentials = () =>
    Promise.resolve({
      accessKeyId: `AKID${(number += 1)}`,
      secretAccessKey: `synthetic ${number}`,
      expiration: new Date(),
    });
  const { client, direct } = recordingClient({ region: 'us-east-1', credentials: credentials as never });
  const send = createDirectSearch(client);
  const how = { abortSignal: new AbortController().signal };
  for (let call = 0; call < 3; call += 1) await send({ datastoreId, criteria: {}, maxResults: 50 }, how);
  const place = { region: 'us-east-1', service: 'medical-imaging' };
  const used = direct.map(({ headers }) => /Credential=(\w+)/.exec(headers['authorization'] ?? '')?.[1]);
  expect(new Set(used).size).toBe(2);
  expect(direct.map(({ headers }) => headers['authorization']?.includes(place.region))).toEqual([true, true]);
  client.destroy();
});
