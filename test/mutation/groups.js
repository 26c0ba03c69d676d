/**
 * What is mutated, and the tests that each mutant is run against: those that need no process, no socket but loopback's and
 * no minutes, since a mutant that survives runs through all of them.
 * @type {Readonly<Record<string, { readonly mutate: readonly string[], readonly tests: readonly string[] }>>}
 */
export const groups = {
  cursor: {
    mutate: ['src/search/{cursor,cursorPayload,cursorText,pageSeal,rowSeal,confine}.ts'],
    tests: ['test/search/{cursor,cursorParts,confine}.test.ts'],
  },
  tokens: {
    mutate: ['src/auth/{authorize,claimFault,principal,repeatedMembers,smartScopes,tokenForm}.ts'],
    tests: ['test/auth/{authorize,claimFault,principal,repeatedMembers,smartScopes,tokenForm}.test.ts'],
  },
  issuer: {
    mutate: ['src/auth/{authenticate,issuerDocuments,issuerKeys}.ts'],
    tests: ['test/auth/{authenticate,issuerDocuments,issuerKeys}.test.ts'],
  },
  limits: {
    mutate: [
      'src/graphql/limits/{actualCost,costPlan,costWeights,inputCost,operationExcess,operationLimitsRule,operationSize}.ts',
    ],
    tests: ['test/graphql/limits/{actualCost,costPlan,costWeights,operationExcess}.test.ts'],
  },
  limitPlugins: {
    mutate: ['src/graphql/limits/{costPlugin,limiting,passingLimitsPlugin,tokenLimit}.ts'],
    tests: ['test/graphql/limits/{costPlugin,limiting}.test.ts'],
  },
  catalogue: {
    mutate: ['src/errors.ts'],
    tests: ['test/{errors,readme}.test.ts'],
  },
  errorForms: {
    mutate: [
      'src/graphql/{badRequest,boundedRefusals,checkInput,formatError,hiddenSchema,inputExpectation}.ts',
    ],
    tests: ['test/graphql/{badRequest,boundedRefusals,checkInput,formatError,inputExpectation}.test.ts'],
  },
  policies: {
    mutate: ['src/graphql/{authorization,policies}.ts'],
    tests: ['test/graphql/{authorization,policyTable}.test.ts'],
  },
  redaction: {
    mutate: ['src/{log,errorInLog,errorNames}.ts'],
    tests: ['test/{log,errorInLog}.test.ts'],
  },
};
