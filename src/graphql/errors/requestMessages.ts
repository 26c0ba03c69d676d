/** How Apollo Server's messages about a malformed request begin, and what clients are told instead: they may quote it. */
const messages: readonly (readonly [string, string])[] = [
  [
    'This operation has been blocked as a potential Cross-Site Request Forgery',
    'Expected the content type application/json, or for GET the header apollo-require-preflight: ' +
      'without one of them, any web page could send this request.',
  ],
  ['Operation batching disabled', 'Expected one operation per request, not a list of operations.'],
  ['GET requests only support query operations', 'Expected POST: GET is for queries only.'],
  ['Apollo Server supports only GET/POST requests', 'Expected GET or POST.'],
  [
    "An 'accept' header was provided",
    'Expected an Accept header that allows application/json or application/graphql-response+json.',
  ],
  ['provided sha does not match query', 'Expected the SHA-256 of the query in persistedQuery.sha256Hash.'],
  ['Unsupported persisted query version', 'Expected persistedQuery.version to be 1.'],
];

/** @returns undefined for the error table's message */
export function requestMessage(message: string): string | undefined {
  return messages.find(([beginning]) => message.startsWith(beginning))?.[1];
}

/** graphql-js reports it in this sentence only. The number is the parser's `maxLexicalTokens`. */
const tooManyTokens = /^Syntax Error: Document contains more tha[nt] (\d+) tokens\./;

/** What clients are told instead of the parser's message about too many lexical tokens; undefined for other messages. */
export function tokenLimitMessage(parserMessage: string): string | undefined {
  const bound = tooManyTokens.exec(parserMessage)?.[1];
  return bound === undefined ? undefined : `Expected at most ${bound} lexical tokens.`;
}
