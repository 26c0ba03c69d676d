/** An operation of the explore page, ready to run. */
export interface ExampleOperation {
  /** Its name is the title of its tab. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const dayInMilliseconds = 24 * 60 * 60 * 1000;

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * What a newcomer wants to see first, a tab each. Identifiers are those of the sample image sets.
 * @param now milliseconds since 1970: examples search the 30 days before it
 */
export function exampleOperations(now: number): ExampleOperation[] {
  return [
    { query: latest },
    { query: byPatient, variables: { patientId: 'SAMPLE-001' } },
    { query: byDay, variables: { from: day(now - 30 * dayInMilliseconds), to: day(now) } },
    { query: nextPage, variables: { first: 10, after: null } },
    { query: details },
    { query: entityJoin },
  ];
}

const latest = `# The image sets updated most recently. Run it with the
# play button or Ctrl+Enter. The other tabs search by
# patient and by study date, and page through results.
# For the documentation, open the book on the left.
query Latest {
  imageSets(first: 5) {
    nodes {
      imageSetId
      updatedAt
      dicomTags {
        patientId
        patientName
        seriesModality
        studyDate
        studyDescription
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const byPatient = `# By Patient ID, exactly as the modality wrote it.
# Change its value in the variables below.
query ByPatient($patientId: String!) {
  imageSets(
    filter: { patientId: { equal: $patientId } }
    first: 25
  ) {
    nodes {
      imageSetId
      isPrimary
      dicomTags {
        patientName
        studyDate
        studyDescription
        seriesNumber
        seriesModality
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
`;

const byDay = `# By study date, newest first. For a single day:
# studyDateAndTime: { equal: { date: $from } }
query ByDay($from: DicomDate!, $to: DicomDate!) {
  imageSets(
    filter: {
      studyDateAndTime: {
        between: {
          from: { date: $from }
          to: { date: $to }
        }
      }
    }
    sort: { field: STUDY_DATE_AND_TIME, order: DESC }
    first: 25
  ) {
    nodes {
      imageSetId
      dicomTags {
        studyDate
        studyTime
        patientId
        patientName
        studyDescription
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
`;

const nextPage = `# To get the next page, copy endCursor from the response
# into the variable "after", in quotes, and run it again.
# On the last page, hasNextPage is false.
query NextPage($first: Int, $after: String) {
  imageSets(first: $first, after: $after) {
    edges {
      cursor
      node {
        imageSetId
        dicomTags {
          patientId
          seriesInstanceUid
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const details = `# What a search does not include: state, versions, and
# the DICOM metadata document, here of one image set.
# By identifier: imageSet(imageSetId: "...") { ... }
query Details {
  imageSets(first: 1) {
    nodes {
      id
      imageSetId
      version
      properties {
        state
        workflowStatus
        arn
      }
      versions(first: 5) {
        nodes {
          versionId
          createdAt
        }
      }
      datastore {
        name
        status
      }
      metadata
    }
  }
}
`;

const entityJoin = `# What a federation router sends when another subgraph
# has the patients, and this one their image sets.
query EntityJoin {
  _entities(
    representations: [
      { __typename: "Patient", id: "SAMPLE-001" }
    ]
  ) {
    ... on Patient {
      id
      imageSets(first: 5) {
        nodes {
          imageSetId
          study {
            instanceUid
          }
          dicomTags {
            studyDescription
          }
        }
      }
    }
  }
}
`;
