import unit from '../../jest.config.js';

/** The tests that mutants are run against: those of the mutated files that need no process, no browser and no minutes. */
/** @type {import('jest').Config} */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: [
    '<rootDir>/test/search/{cursor,cursorPayload,cursorText,pageSeal,rowSeal,confine}*.test.ts',
    '<rootDir>/test/auth/{smartScopes,authorize}.test.ts',
  ],
};
