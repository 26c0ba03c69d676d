import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

const firstOperation = `# Search image sets: press the play button, or Ctrl+Enter.
# Every type and field is described: hold Ctrl over it, or open the documentation on the left.
query FirstImageSets {
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

/** GraphiQL in one self-contained page: a hospital's browser may have no internet. */
export function renderExplorePage(): string {
  return renderGraphiQL({
    title: 'HealthImaging GraphQL',
    defaultQuery: firstOperation,
    endpoint: '/graphql',
  });
}
