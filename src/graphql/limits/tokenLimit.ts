import type { ApolloServerPlugin } from '@apollo/server';

import type { CountExcess } from './operationLimits.ts';

/** graphql-js has no other sign of it than this sentence; the number in it is the parser's own `maxLexicalTokens`. */
const tooManyTokens = /^Syntax Error: Document contains more tha[nt] (\d+) tokens\./;

/** The sentence for clients when a parser's message says that the document has too many tokens. */
export function tokenLimitMessage(parserMessage: string): string | undefined {
  const bound = tooManyTokens.exec(parserMessage)?.[1];
  return bound === undefined ? undefined : `Expected at most ${bound} tokens.`;
}

export function createTokenLimitPlugin(countExcess: CountExcess): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        parsingDidStart: () =>
          Promise.resolve((error?: Error) => {
            if (error && tokenLimitMessage(error.message) !== undefined) countExcess('tokens', 'refused');
            return Promise.resolve();
          }),
      }),
  };
}
