#!/usr/bin/env node
// Nothing is imported before the version is known, and the syntax is what Node.js 14 can read: one that is too old would
// end in a stack trace of the first module that needs more.

/** As package.json's `engines` has it. */
const [requiredMajor, requiredMinor] = [22, 18];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < requiredMajor || (major === requiredMajor && minor < requiredMinor)) {
  process.stderr.write(
    `healthimaging-graphql needs Node.js ${requiredMajor}.${requiredMinor} or later, but this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  void start();
}

async function start() {
  // First, since what is imported before would be compiled anew at each start.
  const { keepCompiled } = await import('./commands/start/keepCompiled.ts');
  keepCompiled();
  const { main } = await import('./commands/main.ts');
  process.exitCode = await main(process.argv.slice(2), process.env);
}
