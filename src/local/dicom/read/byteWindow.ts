import { fstatSync, readSync } from 'node:fs';

import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';

/** The headers of nearly all real files fit into the first read; longer ones are read on in larger steps. */
const firstReadInBytes = 8 * 1024;
const nextReadInBytes = 64 * 1024;

/**
 * A stretch of the bytes of an open file, or bytes in memory. Reads are synchronous: they are short, and mostly served by the page
 * cache.
 */
export class ByteWindow {
  readonly size: number;
  readonly #file: number | undefined;
  /** The stretch in memory. */
  bytes: Buffer;
  /** Offset of the stretch in the file. */
  start = 0;

  private constructor(size: number, bytes: Buffer, file?: number) {
    this.size = size;
    this.bytes = bytes;
    this.#file = file;
  }

  static overBytes(bytes: Buffer): ByteWindow {
    return new ByteWindow(bytes.length, bytes);
  }

  /** @param file a descriptor, which must stay open while the window is used */
  static overFile(file: number): ByteWindow {
    const { size } = fstatSync(file);
    const window = new ByteWindow(size, Buffer.alloc(0), file);
    window.#load(0, Math.min(size, firstReadInBytes));
    return window;
  }

  /**
   * Makes sure that bytes are in memory.
   * @returns the index of the first in `bytes`
   * @throws DicomFileError when the file ends before them
   */
  hold(offset: number, length: number): number {
    const index = offset - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return index;
    if (offset + length > this.size) throw new DicomFileError(dicomFileReasons.truncated);
    this.#load(offset, Math.min(Math.max(length, nextReadInBytes), this.size - offset));
    return offset - this.start;
  }

  /** Like `hold`, but without reading ahead, for headers that are far apart, such as those of fragments. */
  holdExactly(offset: number, length: number): number {
    if (offset + length > this.size) throw new DicomFileError(dicomFileReasons.truncated);
    const index = offset - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return index;
    this.#load(offset, length);
    return offset - this.start;
  }

  /** A view, which stays valid: the window replaces its buffer rather than writing to it. */
  slice(offset: number, length: number): Buffer {
    const index = this.hold(offset, length);
    return this.bytes.subarray(index, index + length);
  }

  /** Passes bytes on in pieces, so that even a long stretch takes little memory. */
  forEachPiece(start: number, end: number, take: (piece: Buffer) => void): void {
    for (let offset = start; offset < end;) {
      const held = this.start + this.bytes.length - offset;
      const inHeld = offset >= this.start && held > 0;
      const length = Math.min(end - offset, inHeld ? held : nextReadInBytes);
      take(this.slice(offset, length));
      offset += length;
    }
  }

  #load(offset: number, length: number): void {
    if (this.#file === undefined) throw new DicomFileError(dicomFileReasons.truncated);
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const read = readSync(this.#file, bytes, filled, length - filled, offset + filled);
      // The file has been shortened since it was opened.
      if (read === 0) throw new DicomFileError(dicomFileReasons.truncated);
      filled += read;
    }
    this.bytes = bytes;
    this.start = offset;
  }
}
