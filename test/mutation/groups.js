/**
 * What is mutated, and the tests that each mutant is run against: those that need no process, no socket but loopback's and
 * no minutes, since a mutant that survives runs through all of them. A file of groups/ has several in one, so that what
 * they use is loaded once; it cannot have those that set something up before each test.
 * @type {Readonly<Record<string, { readonly mutate: readonly string[], readonly tests: readonly string[] }>>}
 */
export const groups = {
  cursor: {
    mutate: [
      'src/search/cursor/{cursor,cursorText,formatOne,payload,seal}.ts',
      'src/search/filter/confineToPatient.ts',
    ],
    tests: ['test/mutation/groups/cursor.ts'],
  },
  tokens: {
    mutate: ['src/auth/{authorize,claimFault,jwtForm,principal,smartScopes}.ts'],
    tests: ['test/mutation/groups/tokens.ts'],
  },
  issuer: {
    mutate: ['src/auth/{authenticate,issuerDocuments,issuerKeys}.ts'],
    tests: ['test/auth/{authenticate,issuerDocuments,issuerKeys}.test.ts'],
  },
  limits: {
    mutate: [
      'src/graphql/limits/{documentForm,operationExcess,operationSize}.ts',
      'src/graphql/limits/cost/{actualCost,costPlan,costs,costWeights,inputCost,sharedRows}.ts',
    ],
    tests: ['test/mutation/groups/limits.ts'],
  },
  limitPlugins: {
    mutate: ['src/graphql/limits/{cost/costPlugin,limiting}.ts'],
    tests: ['test/mutation/groups/limitPlugins.ts'],
  },
  errorTable: {
    mutate: ['src/errors.ts'],
    tests: ['test/mutation/groups/errorTable.ts'],
  },
  errorForms: {
    mutate: [
      'src/graphql/errors/{answerType,boundErrorsPlugin,checkVariables,chosenOperationPlugin,errorCode,formatError,hiddenSchema,inputExpectation,inOrder,refuse,requestMessages,statusPlugin}.ts',
      'src/graphql/telemetry/errorReport.ts',
    ],
    tests: ['test/mutation/groups/errorForms.ts'],
  },
  policies: {
    mutate: ['src/graphql/access/{authorizationPlugin,fieldPolicies}.ts'],
    tests: ['test/graphql/access/{authorizationPlugin,fieldPolicyTable}.test.ts'],
  },
  redaction: {
    mutate: ['src/log/{log,serializeError,errorNames}.ts'],
    tests: ['test/mutation/groups/redaction.ts'],
  },
};
