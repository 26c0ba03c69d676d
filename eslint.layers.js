/**
 * The layers of src/, lowest first, as files and folders: each imports from its own layer and from those before it, type
 * imports included. Every file of src/ but those of local/ belongs to one of them; src/README.md tells what each is for.
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  [
    'errors.ts',
    'awsErrorNames.ts',
    'attached.ts',
    'hmac.ts',
    'identifiers.ts',
    'loopback.ts',
    'tokenBucket.ts',
    'log',
    'config',
  ],
  [
    'search',
    'auth/authorize.ts',
    'auth/bearerChallenge.ts',
    'auth/claimFault.ts',
    'auth/jwtForm.ts',
    'auth/principal.ts',
    'auth/smartScopes.ts',
  ],
  [
    'healthimaging',
    'auth/authenticate.ts',
    'auth/issuerAuthentication.ts',
    'auth/issuerDocuments.ts',
    'auth/issuerKeys.ts',
    'auth/rememberedTokens.ts',
  ],
  ['audit'],
  [
    'graphql/types',
    'graphql/context.ts',
    'graphql/generated.ts',
    'graphql/coercedVariables.ts',
    'graphql/writtenJson.ts',
  ],
  ['graphql/errors'],
  ['graphql/access', 'graphql/limits', 'graphql/safelist', 'graphql/telemetry'],
  ['graphql/resolvers'],
  ['graphql/projection'],
  [
    'graphql/apollo.ts',
    'graphql/createContext.ts',
    'graphql/schema.ts',
    'graphql/schemaError.ts',
    'graphql/sdl.ts',
    'graphql/services.ts',
  ],
  ['server'],
  ['gateway.ts', 'index.ts', 'cli.ts', 'commands'],
];

/** Gateway and local HealthImaging meet over HTTP only, so that no misreading of the service is shared by both. */
export const island = { folder: 'local', mayImport: ['log'] };
