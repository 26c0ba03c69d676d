import { awsErrorNames } from '../awsErrorNames.ts';

/**
 * What a log may say as an error's `name` where that is not the name of its class. A service chooses the names of its
 * errors (`__type`, `x-amzn-errortype`) and could choose a patient's: a pattern, however strict, would let that through.
 */
export const errorNames: ReadonlySet<string> = new Set([
  ...Object.values(awsErrorNames).flat(),
  // Node.js gives this name to errors of several classes.
  'AbortError',
]);
