import { canaries } from './canaries.ts';
import { datastoreId } from '../upstream/fakeHealthImaging.ts';

/** A request that says canaries wherever a client may say anything. */
export interface CanaryRequest {
  readonly form: string;
  readonly method?: string;
  /** Behind the gateway's host. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Credentials {
  readonly user: string;
  readonly confined: string;
  readonly refused: readonly string[];
}

const { operationName, aliasName, variableName, fieldName } = canaries;

/** What browsers, proxies and client libraries send along. */
const chatter = {
  'user-agent': canaries.userAgent,
  'x-request-id': canaries.patientId,
  'x-correlation-id': canaries.accessionNumber,
  'x-forwarded-for': canaries.path,
  'apollographql-client-name': canaries.patientName,
  cookie: canaries.cookie,
  referer: `http://finch.example/?q=${encodeURIComponent(canaries.patientName)}`,
  origin: 'http://aurelia.canarini.example',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: `finch=${canaries.path}`,
  baggage: `patient=${encodeURIComponent(canaries.accentedName)}`,
};

const json = (body: unknown, more: Partial<CanaryRequest> = {}): Omit<CanaryRequest, 'form'> => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

const selection = `{
  nodes { imageSetId dicomTags { patientName patientId patientBirthDate studyInstanceUid studyDescription } }
  edges { cursor }
  pageInfo { endCursor }
}`;

const search = `query ${operationName}($${variableName}: ImageSetFilter, $first: Int, $after: String) {
  ${aliasName}: imageSets(filter: $${variableName}, after: $after, first: $first) ${selection}
}`;

function searchFor(filter: object, after?: string, first = 5) {
  return { query: search, operationName, variables: { [variableName]: filter, first, after } };
}

const both = (one: object, other: object) => ({ and: [one, other] });

/** The search whose later page is asked for while the upstream is broken. */
export const pagedSearch = (first: number, after?: string) =>
  searchFor({ accessionNumber: { equal: canaries.accessionNumber } }, after, first);

/** Searches and reads that are right: what comes of them is upstream's doing. */
function askingRequests(after: string): CanaryRequest[] {
  const literal = (text: string) => JSON.stringify(text);
  const literals = `# ${canaries.patientName}
    query ${operationName} { ${aliasName}: imageSets(
      filter: { and: [{ patientId: { equal: ${literal(canaries.literalPatientId)} } }, { studyId: { equal: ${literal(canaries.studyId)} } }] }
    ) ${selection} }`;
  const byGet = new URLSearchParams({
    query: `query ${operationName} { ${aliasName}: imageSets(filter: { seriesInstanceUid: { equal: "${canaries.seriesUid}" } }) ${selection} }`,
    operationName,
    variables: JSON.stringify({ unused: canaries.japaneseName }),
    extensions: JSON.stringify({ note: canaries.cyrillicName }),
  });
  const globalId = Buffer.from(`ImageSet:${datastoreId}:${canaries.imageSetId}`).toString('base64');
  const reads = `query ($id: ID!, $globalId: ID!) {
    ${aliasName}: imageSet(imageSetId: $id) { properties { state } metadata versions(first: 2) { nodes { versionId } } }
    node(id: $globalId) { id } datastore { name }
  }`;
  const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Patient { imageSets ${selection} } } }`;
  const between = { between: { from: { date: canaries.filterDate }, to: { date: canaries.studyDate } } };
  return [
    { form: 'a filter in variables', ...json(searchFor({ patientId: { equal: canaries.patientId } })) },
    {
      form: 'two conditions',
      ...json(
        searchFor(both({ studyInstanceUid: { equal: canaries.studyUid } }, { studyDateAndTime: between })),
      ),
    },
    { form: 'literals', ...json({ query: literals }) },
    { form: 'a URL', method: 'GET', path: `/graphql?${byGet.toString()}` },
    { form: 'a later page', ...json(pagedSearch(5, after)) },
    { form: 'reads', ...json({ query: reads, variables: { id: canaries.imageSetId, globalId } }) },
    {
      form: 'entities',
      ...json({
        query: entities,
        variables: { of: [{ __typename: 'Patient', id: canaries.quotedName, name: canaries.markedName }] },
      }),
    },
  ];
}

/** Requests that the gateway refuses by itself. */
function refusedRequests(): CanaryRequest[] {
  const wrong = (form: string, body: unknown, more: Partial<CanaryRequest> = {}): CanaryRequest => ({
    form: `refused: ${form}`,
    ...json(body, more),
  });
  const of = (argument: string) => ({ query: `{ ${aliasName}: imageSets(${argument}) { nodes { id } } }` });
  const { patientName, cursor, path, email, filterDate } = canaries;
  return [
    wrong('a variable of another type', searchFor({ patientId: { equal: { [fieldName]: patientName } } })),
    wrong('an unknown condition', searchFor({ [patientName]: email })),
    wrong('an impossible date', searchFor({ createdAt: { equal: `${filterDate} ${patientName}` } })),
    wrong('a UID that is none', searchFor({ studyInstanceUid: { equal: patientName } })),
    wrong('a cursor that is none', searchFor({ patientId: { equal: patientName } }, cursor)),
    wrong('a cursor of nobody', searchFor({}, Buffer.from(patientName.repeat(9)).toString('base64url'))),
    wrong('a literal of another type', of(`first: ${JSON.stringify(patientName)}`)),
    wrong('a literal object', of(`filter: { ${fieldName}: ${JSON.stringify(patientName)} }`)),
    wrong('an enum value', of(`sort: { field: ${fieldName} }`)),
    wrong('an unknown argument', of(`${fieldName}: ${JSON.stringify(email)}`)),
    wrong('a data store', of(`datastoreId: ${JSON.stringify(path)}`)),
    wrong('an unknown field', { query: `{ ${aliasName}: ${fieldName} }` }),
    wrong('an unknown fragment and directive', {
      query: `{ ...${fieldName} @${operationName}(a: "${email}") }`,
    }),
    wrong('an unknown variable', { query: `query { node(id: $${variableName}) { id } }` }),
    wrong('an unknown operation', { query: 'query A { __typename }', operationName: patientName }),
    wrong('no GraphQL', { query: `{ imageSets(filter: "${patientName}` }),
    wrong('an image set that is none', {
      query: `{ imageSet(imageSetId: "${email}") { id properties { state } } }`,
    }),
    wrong('a node that is none', { query: `{ node(id: ${JSON.stringify(patientName)}) { id } }` }),
    wrong('an entity that is none', {
      query: 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
      variables: { of: [{ __typename: patientName, id: email }, { [patientName]: email }] },
    }),
    wrong('too many aliases', {
      query: `{ ${Array.from({ length: 40 }, (_, index) => `${aliasName}${index}: __typename`).join(' ')} }`,
    }),
    wrong('a persisted query', {
      extensions: { persistedQuery: { version: 1, sha256Hash: canaries.tokenId } },
      operationName: patientName,
    }),
    wrong('a batch', [{ query: `{ ${fieldName} }` }]),
    wrong('no JSON', `{"query": "${patientName}`),
    wrong('JSON that is no request', JSON.stringify(patientName)),
    wrong('another content type', patientName, { headers: { 'content-type': `text/${path}` } }),
    wrong('another charset', '{}', { headers: { 'content-type': `application/json; charset=${path}` } }),
    wrong('another encoding', '{}', { headers: { 'content-encoding': path } }),
    wrong('too much', JSON.stringify({ query: patientName.repeat(20_000) })),
    wrong('headers that are too long', '{}', { headers: { 'x-note': patientName.repeat(2_000) } }),
    wrong('another path', '{}', { path: `/${path}/${encodeURIComponent(patientName)}?q=${email}` }),
    wrong('a path that is none', '{}', { path: `/%zz${path}` }),
    wrong('another method', '{}', { method: 'PUT', path: `/graphql?${path}` }),
    { form: 'refused: a preflight', method: 'OPTIONS', headers: { 'access-control-request-headers': path } },
    {
      form: 'the explore page',
      method: 'GET',
      path: `/graphql?query={${fieldName}}&variables=${encodeURIComponent(patientName)}`,
      headers: { accept: 'text/html' },
    },
    { form: 'readiness', method: 'GET', path: `/readyz?q=${path}` },
    { form: 'refused: a form', method: 'GET', path: `/graphql?query={__typename}&q=${path}` },
  ];
}

/**
 * Every request that a gateway is sent while its upstream is broken.
 * @param after where the `pagedSearch` goes on
 */
export function canaryRequests(credentials: Credentials, after: string): CanaryRequest[] {
  const { user, confined, refused } = credentials;
  const speakBy = (token: string) => (request: CanaryRequest) => ({
    ...request,
    headers: {
      'content-type': 'application/json',
      'apollo-require-preflight': '1',
      ...chatter,
      authorization: `Bearer ${token}`,
      ...request.headers,
    },
  });
  const [first] = askingRequests(after);
  if (first === undefined) throw new Error('Expected requests.');
  return [
    ...[...askingRequests(after), ...refusedRequests()].map(speakBy(user)),
    speakBy(confined)({ ...first, form: 'a patient of its own' }),
    ...refused.map((token, index) => speakBy(token)({ ...first, form: `refused token ${index}` })),
  ];
}
