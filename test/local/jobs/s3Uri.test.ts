import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, sep, win32 } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { listInput, makeOutputFolder } from '../../../src/local/jobs/buckets.ts';
import { JobFailure } from '../../../src/local/jobs/jobFailure.ts';
import { parseS3Uri } from '../../../src/local/jobs/s3Uri.ts';

/** The model's pattern, of Java, whose dot takes no line end. */
const modelPattern = /^s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](\/.*)?$/u;

const bucket = fc.stringMatching(/^[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]$/);
const name = fc.oneof(
  fc.constantFrom(
    '.',
    '..',
    '',
    ' ',
    '...',
    '..\\..',
    'C:',
    'a',
    'link',
    'inside',
    '%2e%2e',
    '..%2f',
    '\0',
    '~',
    'con',
    '．．',
  ),
  fc.string({ maxLength: 12 }),
);
const uri = fc
  .tuple(bucket, fc.array(name, { maxLength: 6 }))
  .map(([at, names]) => [`s3://${at}`, ...names].join('/'));

describe('an S3 URI', () => {
  test('is a bucket and the names of its key; a slash at its end does not count', () => {
    expect(parseS3Uri('s3://my.bucket-1/in/put/a.dcm')).toEqual({
      bucket: 'my.bucket-1',
      names: ['in', 'put', 'a.dcm'],
    });
    for (const whole of ['s3://abc', 's3://abc/'])
      expect(parseS3Uri(whole)).toEqual({ bucket: 'abc', names: [] });
    expect(parseS3Uri('s3://abc/x/')).toEqual({ bucket: 'abc', names: ['x'] });
  });

  test.each([
    's3://abc/../x',
    's3://abc/x/..',
    's3://abc/./x',
    's3://abc//x',
    's3://abc/x//',
    's3://abc/\0',
    's3://../x',
    'file:///etc',
  ])('%j is refused', (refused) => {
    expect(parseS3Uri(refused)).toBeUndefined();
  });

  test('never leads out of its bucket, on either kind of system', () => {
    fc.assert(
      fc.property(uri, fc.boolean(), (text, windows) => {
        const location = parseS3Uri(text, windows);
        if (location === undefined) return;
        const path = windows ? win32 : { join, relative, isAbsolute, sep };
        const root = windows ? 'C:\\data\\s3' : '/data/s3';
        const below = path.relative(
          path.join(root, location.bucket),
          path.join(root, location.bucket, ...location.names),
        );
        expect(path.isAbsolute(below) || below.split(path.sep).includes('..')).toBe(false);
        expect(below === '' ? [] : below.split(path.sep)).toEqual(location.names);
      }),
      { numRuns: 5_000 },
    );
  });

  test('that the model allows is read or refused, whatever is in it', () => {
    fc.assert(
      fc.property(uri, (text) => {
        const location = parseS3Uri(text);
        if (location !== undefined && !/[\n\r\u0085\u2028\u2029]/.test(text))
          expect(text).toMatch(modelPattern);
      }),
    );
  });
});

describe('the folder of buckets', () => {
  let folder: string;
  let root: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'buckets-')));
    root = join(folder, 's3');
    await mkdir(join(root, 'bucket', 'inside', 'deeper'), { recursive: true });
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside', 'secret.dcm'), 'x');
    await writeFile(join(root, 'bucket', 'inside', 'a.dcm'), 'x');
    await symlink(join(folder, 'outside'), join(root, 'bucket', 'link'));
    await symlink(join(folder, 'outside', 'secret.dcm'), join(root, 'bucket', 'inside', 'secret.dcm'));
    await symlink('../a.dcm', join(root, 'bucket', 'inside', 'deeper', 'b.dcm'));
    await symlink('..', join(root, 'bucket', 'inside', 'deeper', 'circle'));
    await symlink('nowhere', join(root, 'bucket', 'inside', 'dangling'));
    await symlink(join(folder, 'outside'), join(root, 'linked-bucket'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const at = (text: string) => parseS3Uri(text) ?? { bucket: '', names: ['refused'] };
  const list = async (text: string) => {
    const { files, refused } = await listInput(root, at(text));
    return {
      files: Object.fromEntries([...files].map(([path, keys]) => [relative(root, path), keys])),
      refused,
    };
  };

  test('lists files with their keys; a link within it is followed, no folder twice, and one that leads out is refused', async () => {
    const listed = {
      files: { 'bucket/inside/a.dcm': ['inside/a.dcm', 'inside/deeper/b.dcm'] },
      refused: ['inside/dangling', 'inside/secret.dcm'],
    };
    expect(await list('s3://bucket/inside')).toEqual(listed);
    expect(await list('s3://bucket')).toEqual({ ...listed, refused: [...listed.refused, 'link'] });
    expect(await list('s3://bucket/inside/a.dcm')).toEqual({
      files: { 'bucket/inside/a.dcm': ['inside/a.dcm'] },
      refused: [],
    });
  });

  test.each([
    's3://bucket/link',
    's3://bucket/link/secret.dcm',
    's3://linked-bucket',
    's3://absent',
    's3://bucket/absent',
  ])('has nothing at %s', async (text) => {
    await expect(list(text)).rejects.toThrow(JobFailure);
  });

  test('has limits of files, folders and bytes', async () => {
    const limits = { files: 4, folders: 3, bytes: 2 };
    const listed = listInput(root, at('s3://bucket/inside'), limits);
    expect((await listed).files.size).toBe(1);
    for (const [quota, message] of [
      ['files', 'Expected no more than 1 files'],
      ['folders', 'Expected no more than 1 folders'],
      ['bytes', 'Expected no more than 1 bytes'],
    ])
      await expect(
        listInput(root, at('s3://bucket/inside'), { ...limits, [quota ?? '']: 1 }),
      ).rejects.toThrow(message);
  });

  test('takes output in its buckets alone, wherever links lead', async () => {
    const before = await readdir(folder, { recursive: true });
    for (const text of [
      's3://bucket/link/out',
      's3://linked-bucket/out',
      's3://absent/out',
      's3://bucket/inside/a.dcm/out',
    ])
      await expect(makeOutputFolder(root, at(text))).rejects.toThrow(JobFailure);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
    const made = await makeOutputFolder(root, at('s3://bucket/out/put'));
    expect([made, await makeOutputFolder(root, at('s3://bucket/out/put/'))]).toEqual([
      join(root, 'bucket', 'out', 'put'),
      made,
    ]);
  });

  test('is never left, whatever the URI', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 4 }), async (names) => {
        const location = parseS3Uri(['s3://bucket', ...names].join('/'));
        if (location === undefined || location.names.some((each) => Buffer.byteLength(each) > 255)) return;
        const input = await listInput(root, location).catch((error: unknown) => error);
        if (!(input instanceof JobFailure)) {
          const { files } = input as Awaited<ReturnType<typeof listInput>>;
          for (const path of files.keys()) expect(path.startsWith(join(root, 'bucket') + sep)).toBe(true);
        }
        const output = await makeOutputFolder(root, location).catch((error: unknown) => error);
        if (!(output instanceof JobFailure))
          expect(join(String(output), sep)).toContain(join(root, 'bucket') + sep);
      }),
      { numRuns: 200 },
    );
    expect((await readdir(join(folder, 'outside'))).sort()).toEqual(['secret.dcm']);
  });
});
