import {
  appendFile,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { nextLine, readLine, readOpening, writtenLine, type ChainEnd } from '../../../src/audit/log/chain.ts';
import { createFileAuditLog } from '../../../src/audit/log/fileAuditLog.ts';
import { goesOn, verifyChainFile } from '../../../src/audit/log/verifyChainFile.ts';
import { anyEdit, type Rehash } from './randomEdits.ts';

const key = Buffer.alloc(32, 7);
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  path = join(folder, 'audit.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const event = (number: number) => JSON.stringify({ event: number, name: 'Jürgen \u2028' });

async function written(...batches: readonly (readonly string[])[]): Promise<void> {
  const log = await createFileAuditLog(path, key);
  for (const batch of batches) await log.write(batch);
  await log.close();
}

const textsOf = async (file = path) =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .map((line) => readLine(line)?.text)
    .filter((text) => text !== undefined);

describe('a chained file', () => {
  test('holds what was written, in order, readable for its owner only, and is continued when opened again', async () => {
    await written([event(1)], [event(2), event(3)]);
    await written([event(4)]);
    expect(await textsOf()).toEqual([1, 2, 3, 4].map(event));
    expect(await verifyChainFile(path, key)).toMatchObject({
      end: { sequence: 4 },
      badLine: undefined,
      head: 'fits',
      tornLines: 0,
    });
    expect([(await stat(path)).mode & 0o777, (await stat(`${path}.head`)).mode & 0o777]).toEqual([
      0o600, 0o600,
    ]);
  });

  test('does not fit another key, nor none', async () => {
    await written([event(1)]);
    const verified = await Promise.all(
      [Buffer.alloc(32, 8), undefined].map((each) => verifyChainFile(path, each)),
    );
    expect(verified.map(({ badLine }) => badLine)).toEqual([2, 2]);
  });

  test('writes concurrent lines once each, with few flushes', async () => {
    const log = await createFileAuditLog(path, key);
    await Promise.all(Array.from({ length: 500 }, (_, number) => log.write([event(number)])));
    await log.close();
    expect(await textsOf()).toEqual(Array.from({ length: 500 }, (_, number) => event(number)));
    expect((await verifyChainFile(path, key)).badLine).toBeUndefined();
  });

  test('is locked against a second writer until it is closed', async () => {
    const first = await createFileAuditLog(path, key);
    await expect(createFileAuditLog(path, key)).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR' });
    await first.close();
    await written([event(1)]);
    expect(await textsOf()).toEqual([event(1)]);
  });

  test('is continued by a new file after it was moved away', async () => {
    const log = await createFileAuditLog(path, key);
    await log.write([event(1), event(2)]);
    await rename(path, `${path}.1`);
    await log.write([event(3)]);
    await log.close();
    expect([await textsOf(`${path}.1`), await textsOf()]).toEqual([[1, 2].map(event), [event(3)]]);
    const [old, next] = [await verifyChainFile(`${path}.1`, key), await verifyChainFile(path, key)];
    expect([old.badLine, next.badLine, next.head]).toEqual([undefined, undefined, 'fits']);
    expect(next.opening).toEqual({ sequence: 2, hash: old.end?.hash });
  });

  test('is continued by a new file, by its head, where it is gone at the start', async () => {
    await written([event(1), event(2)]);
    await rm(path);
    await written([event(3)]);
    expect(await verifyChainFile(path, key)).toMatchObject({
      opening: { sequence: 2 },
      end: { sequence: 3 },
    });
  });
});

describe('after a crash', () => {
  test.each([1, 20, 66, 87])('a last line torn after %i bytes is kept, and marked', async (left) => {
    await written([event(1)]);
    const { size } = await stat(path);
    const torn = writtenLine(nextLine(await endOf(path), event(2), undefined))
      .slice(0, left)
      .replace('\n', '');
    await appendFile(path, torn);
    await written([event(3)]);
    const bytes = await readFile(path);
    expect(bytes.subarray(size, size + torn.length).toString()).toBe(torn);
    expect((await textsOf()).slice(-2)).toEqual([expect.stringMatching(/^# torn [0-9a-f]{64}$/), event(3)]);
    expect(await verifyChainFile(path, key)).toMatchObject({
      badLine: undefined,
      tornLines: 1,
      head: 'fits',
    });
    // Its remains cannot be changed either.
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(size) ^ 1, size);
    await writeFile(path, changed);
    expect((await verifyChainFile(path, key)).badLine).toBe(3);
  });

  test('a file whose last batch is cut anywhere may be moved away: the next one goes on, and both verify', async () => {
    await written([event(1)], [event(2)]);
    const confirmed = await readFile(path);
    const head = await readFile(`${path}.head`);
    await written([event(3), event(4)]);
    const whole = await readFile(path);
    for (let size = confirmed.length; size <= whole.length; size += 1) {
      await rm(`${path}.1`, { force: true });
      await writeFile(`${path}.1`, whole.subarray(0, size));
      await rm(path, { force: true });
      // The crash came before the head was told of the batch.
      await writeFile(`${path}.head`, head);
      await written([event(5)]);
      const [old, next] = [await verifyChainFile(`${path}.1`, key), await verifyChainFile(path, key)];
      const isCut = whole[size - 1] !== 0x0a;
      expect([size, old.badLine, old.isCut, next.badLine, next.head, goesOn(old, next)]).toEqual([
        size,
        undefined,
        isCut,
        undefined,
        'fits',
        true,
      ]);
    }
  });

  test('a file that was moved away and lost what was confirmed is not where the next one goes on', async () => {
    await written([event(1)], [event(2)]);
    const whole = await readFile(path);
    await rename(path, `${path}.1`);
    await written([event(3)]);
    const next = await verifyChainFile(path, key);
    for (let size = 0; size < whole.length - 1; size += 1) {
      await writeFile(`${path}.1`, whole.subarray(0, size));
      const old = await verifyChainFile(`${path}.1`, key);
      expect([size, old.badLine === undefined && goesOn(old, next)]).toEqual([size, false]);
    }
  });

  test('a last line that lacks only its line end counts as complete', async () => {
    await written([event(1)], [event(2)]);
    await setHead(1);
    await truncate(path, (await stat(path)).size - 1);
    await written([event(3)]);
    expect(await textsOf()).toEqual([1, 2, 3].map(event));
    expect((await verifyChainFile(path, key)).badLine).toBeUndefined();
  });

  test('the file may be ahead of its head, never behind', async () => {
    await written([event(1)], [event(2)]);
    await setHead(1);
    await written([event(3)]);
    expect((await verifyChainFile(path, key)).badLine).toBeUndefined();
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${lines.slice(0, 3).join('\n')}\n`);
    await expect(createFileAuditLog(path, key)).rejects.toMatchObject({ name: 'BrokenChainError' });
  });

  test('a file that does not fit its chain is not continued', async () => {
    await written([event(1), event(2)]);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"event":1', '"event":9'));
    await expect(createFileAuditLog(path, key)).rejects.toMatchObject({ name: 'BrokenChainError' });
    await expect(createFileAuditLog(path, undefined)).rejects.toMatchObject({ name: 'BrokenChainError' });
  });
});

test('a full disk fails each write, and the next write tries again', async () => {
  await symlink('/dev/full', path);
  const log = await createFileAuditLog(path, key);
  await expect(log.write([event(1)])).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(await log.isWritable()).toBe(false);
  await log.close();
});

test('a missing folder fails writes until it is back, and then the file has a mark of the interruption', async () => {
  const log = await createFileAuditLog(path, key);
  await log.write([event(1)]);
  await rename(folder, `${folder}.away`);
  await expect(log.write([event(2)])).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR' });
  expect(await log.isWritable()).toBe(false);
  await rename(`${folder}.away`, folder);
  expect(await log.isWritable()).toBe(true);
  await log.write([event(3)]);
  await log.close();
  expect(await textsOf()).toEqual([event(1), '# resumed', event(3)]);
  expect((await verifyChainFile(path, key)).badLine).toBeUndefined();
});

describe.each([
  ['with a key', key, 1_000],
  ['without a key', undefined, 300],
])('%s', (_name, chainKey, count) => {
  test(`${count} random edits of the file are all detected`, async () => {
    const log = await createFileAuditLog(path, chainKey);
    for (let number = 0; number < 40; number += 1) await log.write([event(number)]);
    await log.close();
    const original = await readFile(path);
    const kinds = new Map<string, number>();
    const missed: string[] = [];
    const edits = fc.sample(anyEdit(rehash), { numRuns: 1_300, seed: 20_261_124 });
    let made = 0;
    for (const { kind, apply } of edits) {
      const edited = apply(original);
      if (edited.equals(original)) continue;
      made += 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      await writeFile(path, edited);
      const { badLine, head, isCut } = await verifyChainFile(path, chainKey);
      if (badLine === undefined && head === 'fits' && !isCut) missed.push(kind);
      if (made === count) break;
    }
    expect(missed).toEqual([]);
    expect([made, kinds.size]).toEqual([count, 10]);
    await writeFile(path, original);
    expect(await verifyChainFile(path, chainKey)).toMatchObject({ badLine: undefined, head: 'fits' });
  }, 60_000);
});

/** With plain SHA-256, all that is left to somebody without the key. */
const rehash: Rehash = (lines, from) => {
  const read = (line: string): ChainEnd | undefined => readLine(line) ?? readOpening(line);
  let previous = read(lines[from - 1] ?? '');
  return lines.map((line, index) => {
    const text = readLine(line)?.text;
    if (index < from || previous === undefined || text === undefined) return line;
    const next = nextLine(previous, text, undefined);
    previous = next;
    return writtenLine(next).slice(0, -1);
  });
};

async function endOf(file: string): Promise<ChainEnd> {
  const { end } = await verifyChainFile(file, key);
  if (end === undefined) throw new Error('expected a chain');
  return end;
}

/** As after a crash between writing the lines and the head. */
async function setHead(sequence: number): Promise<void> {
  const line = (await readFile(path, 'latin1')).split('\n')[sequence] ?? '';
  const hash = readLine(line)?.hash ?? '';
  await writeFile(`${path}.head`, `${String(sequence).padStart(15, '0')} ${hash}\n`);
}
