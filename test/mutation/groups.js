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
    mutate: ['src/graphql/limits/*.ts'],
    tests: [
      'test/graphql/limits/{actualCost,costPlan,costPlugin,costWeights,limiting,operationExcess}.test.ts',
    ],
  },
  errors: {
    mutate: [
      'src/errors.ts',
      'src/graphql/{authorization,badRequest,boundedRefusals,checkInput,formatError,hiddenSchema,inputExpectation,policies}.ts',
    ],
    tests: ['test/graphql/{errorForms,policies}.test.ts', 'test/{errors,readme}.test.ts'],
  },
  redaction: {
    mutate: ['src/{log,errorInLog,errorNames}.ts'],
    tests: ['test/{log,errorInLog}.test.ts'],
  },
};
