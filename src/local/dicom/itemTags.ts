/** Items and their delimiters (PS3.5 7.5). They have no value representation in any transfer syntax. */
export const itemTag = 0xfffee000;
export const itemDelimiter = 0xfffee00d;
export const sequenceDelimiter = 0xfffee0dd;

/** The length of an element or item that ends with a delimiter. */
export const undefinedLength = 0xffffffff;
