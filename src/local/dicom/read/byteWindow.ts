import { fstatSync, readSync } from 'node:fs';

import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';

/** Nearly every header of a real file fits into the first read; a longer one is read on in larger steps. */
const firstReadInBytes = 8 * 1024;
const nextReadInBytes = 64 * 1024;

/**
 * Bytes of an open file, or of memory, of which only a stretch is held. Reads are positioned and synchronous:
 * they are short, and a worker or a page cache stands behind them.
 */
export class ByteWindow {
  readonly size: number;
  readonly #file: number | undefined;
  /** The stretch that is held. */
  bytes: Buffer;
  /** Where in the file the stretch begins. */
  start = 0;

  private constructor(size: number, bytes: Buffer, file?: number) {
    this.size = size;
    this.bytes = bytes;
    this.#file = file;
  }

  static overBytes(bytes: Buffer): ByteWindow {
    return new ByteWindow(bytes.length, bytes);
  }

  /** @param file a descriptor that stays open as long as the window is used */
  static overFile(file: number): ByteWindow {
    const { size } = fstatSync(file);
    const window = new ByteWindow(size, Buffer.alloc(0), file);
    window.#load(0, Math.min(size, firstReadInBytes));
    return window;
  }

  /**
   * Makes sure that a stretch is held.
   * @returns its index in `bytes`
   * @throws DicomFileError when the file ends before it does
   */
  hold(offset: number, length: number): number {
    const index = offset - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return index;
    if (offset + length > this.size) throw new DicomFileError(dicomFileReasons.truncated);
    this.#load(offset, Math.min(Math.max(length, nextReadInBytes), this.size - offset));
    return offset - this.start;
  }

  /** As `hold`, but without reading ahead: for headers that lie far apart, as those of fragments do. */
  holdExactly(offset: number, length: number): number {
    if (offset + length > this.size) throw new DicomFileError(dicomFileReasons.truncated);
    const index = offset - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return index;
    this.#load(offset, length);
    return offset - this.start;
  }

  /** A view, valid on its own: the window moves on by replacing its buffer, not by writing into it. */
  slice(offset: number, length: number): Buffer {
    const index = this.hold(offset, length);
    return this.bytes.subarray(index, index + length);
  }

  /** Hands a stretch over in pieces, so that even a long one takes little memory. */
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
      // The file has become shorter since its size was asked for.
      if (read === 0) throw new DicomFileError(dicomFileReasons.truncated);
      filled += read;
    }
    this.bytes = bytes;
    this.start = offset;
  }
}
