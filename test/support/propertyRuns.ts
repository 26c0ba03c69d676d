declare global {
  /** Set by test/mutation: the tests run once for each of some thousand mutants. */
  var fewPropertyRuns: boolean | undefined;
}

/** How often a property is tried: as often as asked, and two in a hundred times under mutation. */
export function propertyRuns(runs: number): number {
  return globalThis.fewPropertyRuns === true ? Math.ceil(runs / 50) : runs;
}

/** The same for fast-check; under mutation it is enough that a property fails, with no search for the smallest case. */
export function propertyParameters(runs: number): { numRuns: number; endOnFailure: boolean } {
  return { numRuns: propertyRuns(runs), endOnFailure: globalThis.fewPropertyRuns === true };
}
