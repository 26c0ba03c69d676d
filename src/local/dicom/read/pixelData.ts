import { elementText, type DicomDataset } from '../dataset.ts';
import { undefinedLength } from '../itemTags.ts';
import type { DatasetParser } from './datasetParser.ts';
import type { ElementHeader } from './elementHeader.ts';

/** What is known about pixel data without reading it. */
export interface PixelData {
  readonly frameCount: number;
  readonly frameSizeInBytes?: number;
  /** Bytes of the value, including the item headers and the delimiter of encapsulated data. */
  readonly length: number;
  readonly encapsulated: boolean;
}

/**
 * Skips the value of the pixel data, whose header the parser has just read.
 * @throws DicomFileError when the file ends within it
 */
export function skipPixelData(
  parser: DatasetParser,
  header: ElementHeader,
  dataset: DicomDataset,
  scope: { readonly end: number; readonly littleEndian: boolean },
): PixelData {
  const start = parser.position;
  const declared = declaredFrames(dataset);
  if (header.length === undefinedLength) {
    const fragments = parser.skipFragments(scope.end, scope.littleEndian);
    // Every frame starts a new fragment (PS3.5 A.4), but a video is one fragment, which HealthImaging serves whole.
    const frameCount = Math.min(declared, Math.max(1, fragments));
    return { frameCount, length: parser.position - start, encapsulated: true };
  }
  parser.skip(header.length, scope.end);
  return { ...nativeFrames(header.length, declared, frameSize(header.tag, dataset)), encapsulated: false };
}

function nativeFrames(
  length: number,
  declared: number,
  size: number | undefined,
): { frameCount: number; frameSizeInBytes?: number; length: number } {
  if (size === undefined) return { frameCount: 1, length };
  const whole = Math.floor(length / size);
  // Neither a frame count nor a frame size is believed that the bytes do not bear out.
  if (whole === 0) return { frameCount: 1, length };
  return { frameCount: Math.min(declared, whole), frameSizeInBytes: size, length };
}

/** Number of Frames (0028,0008), an integer string; 1 when it is absent or invalid. */
function declaredFrames(dataset: DicomDataset): number {
  const text = elementText(dataset, '00280008')?.trim() ?? '';
  const frames = /^\+?\d{1,10}$/.test(text) ? Number(text) : 1;
  return Math.max(1, frames);
}

/** Bits per sample of Float and Double Float Pixel Data. */
const bitsByTag = new Map([
  [0x7fe00008, 32],
  [0x7fe00009, 64],
]);

/** PS3.5 8.1.1 and PS3.3 C.7.6.3; undefined when an attribute is missing or frames are not whole bytes. */
function frameSize(tag: number, dataset: DicomDataset): number | undefined {
  const rows = numberOf(dataset, '00280010');
  const columns = numberOf(dataset, '00280011');
  const samples = numberOf(dataset, '00280002') ?? 1;
  const bits = bitsByTag.get(tag) ?? numberOf(dataset, '00280100');
  if (rows === undefined || columns === undefined || bits === undefined) return undefined;
  // C.7.6.3.1.2: two pixels share their chrominance samples.
  const samplesPerPixel = elementText(dataset, '00280004') === 'YBR_FULL_422' ? 2 : samples;
  const size = (rows * columns * samplesPerPixel * bits) / 8;
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

function numberOf(dataset: DicomDataset, tag: string): number | undefined {
  const value = dataset.get(tag)?.values[0];
  return typeof value === 'number' ? value : undefined;
}
