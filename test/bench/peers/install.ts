import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

async function npm(words: readonly string[], cwd: string): Promise<void> {
  const child = spawn('npm', words, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`npm ${words.join(' ')} ended with ${String(code)}.`);
}

/** The peers' packages, in the folder of the peers; those that are there are taken as they are. */
export async function installPeers(): Promise<void> {
  if (existsSync(`${folder}node_modules`)) return;
  process.stderr.write('Installing the packages of the peers.\n');
  await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

/** The gateway's entry: as it is packed, which is built first, or from source. */
export async function gatewayEntry(fromSource: boolean): Promise<string> {
  if (fromSource) return `${root}src/cli.ts`;
  await npm(['run', '--silent', 'build'], root);
  return `${root}dist/cli.js`;
}
