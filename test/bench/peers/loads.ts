import type { Work } from './clientProcess.ts';

/** What clients ask for, as GraphQL and as the bare handler takes it. */
export interface Load {
  readonly meaning: string;
  /** In documents that never repeat NUMBER is in the document too. */
  readonly document: string;
  readonly first: number;
  /** Of the Patient ID, which says how the upstream answers. */
  readonly patientId: string;
  readonly compressed?: true;
  readonly walk?: true;
}

const tags =
  'patientId patientName patientBirthDate patientSex studyInstanceUid studyId studyDescription numberOfStudyRelatedSeries ' +
  'numberOfStudyRelatedInstances accessionNumber seriesInstanceUid seriesModality seriesBodyPart seriesNumber studyDate studyTime';
const everyField =
  'id datastoreId imageSetId version isPrimary storageTier createdAt updatedAt lastAccessedAt ' +
  `dicomTags { ${tags} }`;
const fiveFields = 'imageSetId updatedAt dicomTags { patientName seriesModality studyDate }';

function search(fields: string): string {
  return (
    'query ($patientId: String!, $first: Int!, $after: String) { ' +
    'imageSets(filter: { patientId: { equal: $patientId } }, first: $first, after: $after) { ' +
    `edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`
  );
}

export const upstreamLatencyOfWalks = 40;
export const rowsOfWalk = 500;

export const loads: Readonly<Record<string, Load>> = {
  page49: {
    meaning: '49 rows with every field, each request another search',
    document: search(everyField),
    first: 49,
    patientId: 'PAGE-NUMBER',
  },
  page49br: {
    meaning: 'the same with `accept-encoding: br`, for the servers that compress',
    document: search(everyField),
    first: 49,
    patientId: 'PAGE-NUMBER',
    compressed: true,
  },
  page10: {
    meaning: '10 rows with five fields, each request another search',
    document: search(fiveFields),
    first: 10,
    patientId: 'PAGE-NUMBER',
  },
  kept: {
    meaning: 'the same 49 rows with every field again and again',
    document: search(everyField),
    first: 49,
    patientId: 'KEPT-1',
  },
  keptbr: {
    meaning: 'the same with `accept-encoding: br`',
    document: search(everyField),
    first: 49,
    patientId: 'KEPT-1',
    compressed: true,
  },
  documents: {
    meaning: '`page10` with another alias in each document, so that none repeats',
    document: search(`aNUMBER: ${fiveFields}`),
    first: 10,
    patientId: 'PAGE-NUMBER',
  },
  walk: {
    meaning: `${rowsOfWalk} rows by 10 with five fields, one page after another, each answer of HealthImaging after ${upstreamLatencyOfWalks} ms; times are those of whole walks`,
    document: search(fiveFields),
    first: 10,
    patientId: 'WALK-NUMBER',
    walk: true,
  },
};

type Request = Pick<Work, 'method' | 'path' | 'body' | 'headers' | 'walk'>;

/** The request of a load, as this kind of server takes it. */
export function requestOf(
  { document, first, patientId, compressed, walk }: Load,
  kind: 'graphql' | 'rest',
  headers: Work['headers'],
): Request {
  const encoding = compressed === true ? { 'accept-encoding': 'br' } : {};
  if (kind === 'rest') {
    return {
      method: 'GET',
      path: `/imageSets?patientId=${patientId}&first=${first}AFTER`,
      body: undefined,
      headers: { ...headers, ...encoding },
      walk: walk === true ? { cursor: 'nextToken', more: '"nextToken":"' } : undefined,
    };
  }
  const body = JSON.stringify({ query: document, variables: { patientId, first, after: 'AFTER' } });
  return {
    method: 'POST',
    path: '/graphql',
    body: body.replace('"AFTER"', 'AFTER'),
    headers: { 'content-type': 'application/json', ...headers, ...encoding },
    walk: walk === true ? { cursor: 'endCursor', more: '"hasNextPage":true' } : undefined,
  };
}
