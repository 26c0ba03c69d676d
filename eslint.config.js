import js from '@eslint/js';
import graphql from '@graphql-eslint/eslint-plugin';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import typescript from 'typescript-eslint';

import { island, layers } from './eslint.layers.js';

const upwardImports = layers.slice(0, -1).flatMap((members, layer) =>
  members.map((member) => ({
    target: `./src/${member}`,
    from: layers.slice(layer + 1).flatMap((above) => above.map((name) => `./src/${name}`)),
    message: 'Imports go down only: see src/README.md.',
  })),
);

const islandImports = [
  {
    target: `./src/${island.folder}`,
    from: './src',
    except: [island.folder, ...island.mayImport].map((name) => `./${name}`),
    message: `local/ is an island: it imports nothing of the gateway but ${island.mayImport.join(', ')}.`,
  },
  ...layers.slice(0, -1).flatMap((members) =>
    members.map((member) => ({
      target: `./src/${member}`,
      from: `./src/${island.folder}`,
      message: 'Only gateway.ts, index.ts, the commands and the tests import local/.',
    })),
  ),
];

/** Modules that some files alone may import. Their types are open to all. */
const confined = [
  {
    group: ['@aws-sdk/client-medical-imaging'],
    files: ['src/healthimaging/**'],
  },
  {
    group: ['node:async_hooks', 'async_hooks'],
    files: ['src/graphql/telemetry/**'],
  },
  {
    // State that no signature shows: only for what Apollo Server calls without a context.
    group: ['**/requestScope.ts'],
    files: ['src/graphql/telemetry/**'],
  },
];

/** Flat config replaces a rule's options as a whole: so each set of files has a block with all that is closed to it. */
function confinedTo(files, open) {
  const patterns = confined
    .filter((entry) => !open.includes(entry))
    .map(({ group, files: owners }) => ({
      group,
      allowTypeImports: true,
      message: `Only ${owners.join(', ')} may import it.`,
    }));
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

const owners = [...new Set(confined.flatMap(({ files }) => files))];

export default typescript.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      'node_modules/',
      '.stryker-tmp/',
      'reports/',
      'src/graphql/generated.ts',
      'src/local/dicom/dictionaryTable.ts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [js.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'import-x/no-restricted-paths': ['error', { zones: [...upwardImports, ...islandImports] }],
      'max-lines': ['error', 350],
      'max-lines-per-function': ['error', 80],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only cli.ts reads the environment.' },
      ],
    },
  },
  {
    // Apollo Server's hooks return promises; those of ours that wait for nothing are `async` all the same.
    files: [
      'src/graphql/**/*Plugin.ts',
      'src/graphql/telemetry/errorReport.ts',
      'src/graphql/errors/{checkVariables,inOrder}.ts',
      'src/graphql/limits/{documentForm,limiting}.ts',
    ],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  confinedTo(['src/**/*.ts'], []),
  ...owners.map((owner) =>
    confinedTo(
      [owner],
      confined.filter(({ files }) => files.includes(owner)),
    ),
  ),
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['schema/*.graphql'],
    // graphql-eslint breaks on a federation @link; it is the API that is linted, not its presentation to composers.
    ignores: ['schema/federation.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: {
          schema: [
            'schema/!(federation).graphql',
            'directive @key(fields: String!) repeatable on OBJECT',
            'directive @shareable on OBJECT',
          ],
        },
      },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/require-description': [
        'error',
        { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true },
      ],
      // `nodes` beside `edges`, as GitHub's connections have.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Forward only: HealthImaging's tokens run one way.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/strict-id-in-types': 'off',
      // `datastoreId` and `imageSetId` are the service's own names.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
);
