import { importDicom } from '../../../src/local/import/import.ts';
import { openStore } from '../../../src/local/store/store.ts';

// A process of its own: `node importProcess.ts STORE FOLDER`. Prints the progress and, last, the summary, a line of JSON each.
const [directory = '', folder = ''] = process.argv.slice(2);
using store = openStore({ directory });
const summary = await importDicom(store, [folder], {
  onProgress: (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`),
});
process.stdout.write(`${JSON.stringify(summary)}\n`);
