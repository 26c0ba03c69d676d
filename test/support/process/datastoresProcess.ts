import { openDatastores } from '../../../src/local/store/datastores/datastores.ts';

// A process of its own: `node datastoresProcess.ts FOLDER`. Makes data stores and deletes them, without end; prints the
// ID of each that was made.
const [directory = ''] = process.argv.slice(2);
using datastores = openDatastores({ directory });
for (let made = 0; ; made += 1) {
  const datastoreId = datastores.create({ clientToken: `${process.pid}-${made}` }, Date.now());
  process.stdout.write(`${datastoreId}\n`);
  datastores.delete(datastoreId, Date.now());
  await new Promise(setImmediate);
}
