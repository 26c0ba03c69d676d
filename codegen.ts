import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  // The directive definitions of federation.graphql come from its @link; codegen's federation mode knows them.
  schema: [
    'schema/!(federation).graphql',
    'directive @key(fields: String!) repeatable on OBJECT',
    'directive @shareable on OBJECT',
  ],
  generates: {
    'src/graphql/generated.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        optionalResolveType: true,
        contextType: './context.ts#RequestContext',
        scalars: {
          // Output is RFC 3339 text as the adapter made it: no Date in between. Input is parsed.
          DateTime: { input: 'Date', output: 'string' },
          // As HealthImaging wrote it.
          JSONObject: { input: 'never', output: './writtenJson.ts#WrittenJson' },
          DicomDate: 'string',
          DicomTime: 'string',
          DicomUid: 'string',
          _FieldSet: 'string',
        },
        mappers: {
          ImageSet: './types/objects.ts#ImageSetObject',
          ImageSetConnection: './types/objects.ts#ImageSetConnectionObject',
          ImageSetProperties: './types/objects.ts#ImageSetPropertiesObject',
          ImageSetVersionConnection: './types/objects.ts#ImageSetVersionConnectionObject',
          Datastore: './types/objects.ts#DatastoreObject',
          Patient: './types/objects.ts#PatientObject',
          ImagingStudy: './types/objects.ts#ImagingStudyObject',
          ImagingSeries: './types/objects.ts#ImagingSeriesObject',
        },
      },
    },
  },
};

export default config;
