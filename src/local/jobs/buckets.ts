import { lstat, mkdir, opendir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

import { JobFailure } from './jobFailure.ts';
import type { S3Location } from './s3Uri.ts';

/** AWS's quotas of an import job. */
export interface InputLimits {
  readonly files: number;
  readonly folders: number;
  /** Of all files together, and of one. */
  readonly bytes: number;
}

export const inputLimits: InputLimits = { files: 5_000, folders: 10_000, bytes: 10 * 1024 ** 3 };

/** The files that a job is to import. */
export interface JobInput {
  /** Keys by the path of the file, which has no symbolic link in it. A file that links lead to has several. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Keys of links that lead out of the folder of buckets, or nowhere. They are not read. */
  readonly refused: readonly string[];
}

/**
 * Lists the files at and below a place in a bucket.
 * @param root the folder of buckets
 * @throws {JobFailure} where there is nothing, or more than the quotas allow
 */
export async function listInput(
  root: string,
  { bucket, names }: S3Location,
  limits = inputLimits,
): Promise<JobInput> {
  const realRoot = await realpath(root).catch(notThere);
  const listing = new Listing(realRoot, limits);
  const path = await listing.resolve(join(realRoot, bucket, ...names));
  if (path === undefined) throw new JobFailure('The input bucket or prefix does not exist.');
  await listing.add(path, names.join('/'));
  if (listing.count === 0) throw new JobFailure('The input prefix has no files.');
  return listing;
}

function notThere(): never {
  throw new JobFailure('The input bucket or prefix does not exist.');
}

class Listing implements JobInput {
  readonly files = new Map<string, string[]>();
  readonly refused: string[] = [];
  readonly #root: string;
  readonly #limits: InputLimits;
  readonly #entered = new Set<string>();
  #bytes = 0;
  count = 0;

  constructor(root: string, limits: InputLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  /** @returns a path without links; undefined where it leads out of the folder of buckets, or nowhere */
  async resolve(path: string): Promise<string | undefined> {
    const real = await realpath(path).catch(() => undefined);
    return real !== undefined && isWithin(this.#root, real) ? real : undefined;
  }

  /** @throws {JobFailure} */
  async add(path: string, key: string): Promise<void> {
    const stats = await stat(path);
    if (stats.isFile()) this.#addFile(path, key, stats.size);
    else if (stats.isDirectory() && !this.#entered.has(path)) await this.#addFolder(path, key);
  }

  #addFile(path: string, key: string, bytes: number): void {
    this.count += 1;
    if (this.count > this.#limits.files) throw tooMany(this.#limits.files, 'files');
    const keys = this.files.get(path);
    if (keys === undefined) this.files.set(path, [key]);
    else keys.push(key);
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytes) throw tooMany(this.#limits.bytes, 'bytes');
  }

  async #addFolder(path: string, key: string): Promise<void> {
    this.#entered.add(path);
    if (this.#entered.size > this.#limits.folders) throw tooMany(this.#limits.folders, 'folders');
    const names: string[] = [];
    for await (const { name } of await opendir(path)) names.push(name);
    for (const name of names.sort()) {
      const keyBelow = key === '' ? name : `${key}/${name}`;
      const below = await this.resolve(join(path, name));
      if (below !== undefined) await this.add(below, keyBelow);
      else {
        this.count += 1;
        this.refused.push(keyBelow);
      }
    }
  }
}

function tooMany(limit: number, things: string): JobFailure {
  return new JobFailure(`Expected no more than ${limit} ${things} in the input of an import job.`);
}

/**
 * Makes the folder for a place in a bucket, which has to be there itself. A link that leads out of the folder of buckets is not followed.
 * @returns its path, which has no symbolic link in it
 * @throws {JobFailure} where it cannot be made
 */
export async function makeOutputFolder(root: string, { bucket, names }: S3Location): Promise<string> {
  try {
    const realRoot = await realpath(root);
    let folder = await enter(realRoot, join(realRoot, bucket));
    for (const name of names) {
      const below = join(folder, name);
      const known = await lstat(below).catch(() => undefined);
      if (known === undefined) await mkdir(below);
      folder = await enter(realRoot, below);
    }
    return folder;
  } catch (error) {
    throw new JobFailure('The output bucket does not exist, or cannot be written.', { cause: error });
  }
}

async function enter(root: string, path: string): Promise<string> {
  const real = await realpath(path);
  if (isWithin(root, real) && (await stat(real)).isDirectory()) return real;
  throw new Error('Expected a folder below the folder of buckets.');
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
