// `npm run check:schema` compares the schema with its snapshot; `npm run schema:snapshot` writes the snapshot anew, a
// breaking change only with `-- --breaking`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { buildSchema } from '../src/graphql/schema.ts';
import { schemaChanges } from '../test/schema/breakingChanges.ts';
import { printedSchema } from '../test/schema/printedSchema.ts';

const path = new URL('../test/schema/snapshot.graphql', import.meta.url);
const words = new Set(process.argv.slice(2));
const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
const after = await printedSchema(buildSchema());
const changes = before === '' || before === after ? [] : await schemaChanges(before, after);
const breaking = changes.some((change) => change.breaking);

for (const change of changes) {
  process.stderr.write(`${change.breaking ? 'BREAKING ' : ''}${change.name}: ${change.message}\n`);
}
if (words.has('--write') && (!breaking || words.has('--breaking'))) {
  writeFileSync(path, after);
} else if (before !== after) {
  const advice = breaking ? 'npm run schema:snapshot -- --breaking' : 'npm run schema:snapshot';
  process.stderr.write(
    `The schema is not its snapshot, test/schema/snapshot.graphql. To accept it: ${advice}\n`,
  );
  process.exitCode = 1;
}
