interface Excluded {
  /** A whole command. */
  readonly command: RegExp;
  readonly because: string;
}

/** Commands of the documents that cannot run in a test. An entry that is printed nowhere fails. */
export const notRun: readonly Excluded[] = [
  {
    command: /npm ci/,
    because: 'installs the packages that this test runs on; .ci/run begins with it, on a clean clone',
  },
  { command: /npm test/, because: 'runs this very test' },
];

/** Blocks that run in test/e2e/documents.test.ts, by their first lines: they need what a machine with Node.js alone lacks. */
export const runInEndToEndTests: Readonly<Record<string, string>> = {
  'export AWS_ENDPOINT_URL_MEDICAL_IMAGING=http://127.0.0.1:4010 AWS_DISABLE_HOST_PREFIX_INJECTION=true':
    'the AWS CLI',
  'export AWS_ENDPOINT_URL_MEDICAL_IMAGING=http://127.0.0.1:4010': 'the AWS CLI',
  'import boto3': 'Python with boto3',
  'npx --yes -p @apollo/generate-persisted-query-manifest generate-persisted-query-manifest':
    'the npm registry',
  'SAFELIST_MODE=audit SAFELIST_MANIFEST=persisted-query-manifest.json npm start':
    'the manifest that the block before it writes',
  'npm install --prefix telemetry @opentelemetry/auto-instrumentations-node@0.82.0': 'the npm registry',
  'npx node examples/supergraph/compose.ts': "Apollo's composition takes its time",
  'npx node examples/supergraph/gateway.ts': 'a supergraph over the gateway',
  "curl -sG http://127.0.0.1:4002/ -H 'apollo-require-preflight: true' \\": 'the supergraph',
};

/** Where a command may begin and end: at a line's ends, at `&&`, before a comment. */
function occurrences({ command }: Excluded): RegExp {
  return new RegExp(`(?<=^|&& )(?:${command.source})(?= +#| +&&|$)`, 'gm');
}

export function isPrinted(excluded: Excluded, script: string): boolean {
  return occurrences(excluded).test(script);
}

/** The listed commands become `true`; what stands beside them, as in `npm ci && npm start`, runs. */
export function withoutWhatIsNotRun(script: string): string {
  return notRun.reduce((text, excluded) => text.replaceAll(occurrences(excluded), 'true'), script);
}
