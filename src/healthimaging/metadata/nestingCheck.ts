import { ResponseFault } from '../responses/readMember.ts';

/** Levels of a metadata document. Those of DICOM's deepest nested sequences have some twenty. */
const mostLevels = 200;

const [quote, backslash] = [0x22, 0x5c];
const comma = 0x2c;
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Looks at JSON text as it arrives, and throws a ResponseFault where its lists and objects are nested too deep to be handled:
 * JSON.stringify and graphql-js go down them by recursion.
 * @returns how many values begin in the chunk, at most: each takes memory, however short its text is
 */
export function createNestingCheck(member: string): (chunk: Uint8Array) => number {
  const state = { level: 0, isInText: false, isEscaped: false };
  return (chunk) => {
    let values = 0;
    // Local variables: each byte is looked at, and members of an object or a closure would take half as much again.
    let { level, isInText, isEscaped } = state;
    for (const byte of chunk) {
      if (isInText) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInText = false;
      } else if (byte === quote) isInText = true;
      else if (byte === comma) values += 1;
      else if (byte === openBracket || byte === openBrace) {
        level += 1;
        values += 1;
      } else if (byte === closeBracket || byte === closeBrace) level -= 1;
      if (level > mostLevels)
        throw new ResponseFault(member, `at most ${mostLevels} levels of lists and objects`);
    }
    Object.assign(state, { level, isInText, isEscaped });
    return values;
  };
}
