import { ResponseFault } from './readMember.ts';

/** Levels of a metadata document. Those of DICOM's deepest nested sequences have some twenty. */
const mostLevels = 200;

const [quote, backslash] = [0x22, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Looks at JSON text as it arrives, and throws a ResponseFault where its lists and objects are nested too deep to be handled:
 * JSON.stringify and graphql-js go down them by recursion.
 */
export function createNestingCheck(member: string): (chunk: Uint8Array) => void {
  let level = 0;
  let isInText = false;
  let isEscaped = false;
  return (chunk) => {
    for (const byte of chunk) {
      if (isInText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInText = false;
      } else if (byte === quote) isInText = true;
      else if (byte === openBracket || byte === openBrace) level += 1;
      else if (byte === closeBracket || byte === closeBrace) level -= 1;
      if (level > mostLevels)
        throw new ResponseFault(member, `at most ${mostLevels} levels of lists and objects`);
    }
  };
}
