// Documents as an application of Relay has them, for the compiler alone: the test runs what it makes of them.
import { graphql } from 'relay-runtime';

export const fragment = graphql`
  fragment imageSetList_query on Query
  @argumentDefinitions(
    filter: { type: "ImageSetFilter" }
    count: { type: "Int", defaultValue: 25 }
    cursor: { type: "String" }
  )
  @refetchable(queryName: "imageSetListPaginationQuery") {
    imageSets(filter: $filter, first: $count, after: $cursor)
      @connection(key: "imageSetList_imageSets", filters: ["filter"]) {
      edges {
        node {
          id
          imageSetId
          ...imageSetList_details
        }
      }
    }
  }
`;

export const details = graphql`
  fragment imageSetList_details on ImageSet @refetchable(queryName: "imageSetListDetailsQuery") {
    version
    dicomTags {
      patientId
    }
    datastore {
      id
    }
  }
`;

export const datastore = graphql`
  fragment imageSetList_datastore on Datastore @refetchable(queryName: "imageSetListDatastoreQuery") {
    datastoreId
    status
  }
`;

export const query = graphql`
  query imageSetListQuery($filter: ImageSetFilter) {
    ...imageSetList_query @arguments(filter: $filter)
  }
`;
