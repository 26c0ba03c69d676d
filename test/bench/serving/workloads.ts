/** What is asked of each server, one question after another; each is another where nothing says that they are equal. */
export interface Workload {
  readonly title: string;
  /** Of the stand-in upstream. */
  readonly latencyMs: number;
  /** Rows that each answer has. */
  readonly rows: number;
  /** The path of the bare handler. */
  readonly bare: (number: number, after: string | undefined) => string;
  /** The body sent to a GraphQL server. */
  readonly graphql: (number: number, after: string | undefined) => string;
  /** Answers that follow from one another, where it is a walk. */
  readonly steps?: number;
}

const allFields = `query ($id: String!, $first: Int!, $after: String) {
  imageSets(first: $first, after: $after, filter: { patientId: { equal: $id } }) {
    edges { cursor node {
      imageSetId version isPrimary createdAt updatedAt
      dicomTags {
        patientId patientName patientBirthDate patientSex studyInstanceUid studyId studyDescription
        numberOfStudyRelatedSeries numberOfStudyRelatedInstances accessionNumber seriesInstanceUid seriesModality
        seriesBodyPart seriesNumber studyDate studyTime
      }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const fiveFields = `query ($id: String!, $first: Int!, $after: String) {
  imageSets(first: $first, after: $after, filter: { patientId: { equal: $id } }) {
    edges { node { imageSetId updatedAt dicomTags { patientName studyDate seriesModality } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

function page(
  title: string,
  {
    query,
    fields,
    first,
    isKept = false,
  }: { query: string; fields: string; first: number; isKept?: boolean },
): Workload {
  const idOf = (number: number) => `SAMPLE-${isKept ? 0 : number}`;
  return {
    title,
    latencyMs: 0,
    rows: first,
    bare: (number) => `/?fields=${fields}&first=${first}&patientId=${idOf(number)}`,
    graphql: (number) => JSON.stringify({ query, variables: { id: idOf(number), first } }),
  };
}

export const workloads: readonly Workload[] = [
  page('page of 49, all fields', { query: allFields, fields: 'all', first: 49 }),
  page('page of 10, five fields', { query: fiveFields, fields: 'five', first: 10 }),
  page('kept page of 49, all fields', { query: allFields, fields: 'all', first: 49, isKept: true }),
  {
    title: 'walk of 500 by 10, 40 ms upstream',
    latencyMs: 40,
    rows: 10,
    steps: 50,
    bare: (number, after) =>
      `/?fields=five&first=10&patientId=SAMPLE-${number}${after === undefined ? '' : `&nextToken=${after}`}`,
    graphql: (number, after) =>
      JSON.stringify({ query: fiveFields, variables: { id: `SAMPLE-${number}`, first: 10, after } }),
  },
];
