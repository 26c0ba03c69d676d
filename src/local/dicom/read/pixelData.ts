import { elementText, type DicomDataset } from '../dataset.ts';
import { undefinedLength, type DatasetParser, type ElementHeader } from './datasetParser.ts';

/** What is known of pixel data without reading it. */
export interface PixelData {
  readonly frameCount: number;
  readonly frameSizeInBytes?: number;
  /** Bytes of its value; of encapsulated data with its item headers and delimiter. */
  readonly length: number;
  readonly encapsulated: boolean;
}

/**
 * Passes over the pixel data, whose header was just read.
 * @throws DicomFileError when the file ends within it
 */
export function passPixelData(
  parser: DatasetParser,
  header: ElementHeader,
  dataset: DicomDataset,
  scope: { readonly end: number; readonly littleEndian: boolean },
): PixelData {
  const start = parser.position;
  const declared = declaredFrames(dataset);
  if (header.length === undefinedLength) {
    const fragments = parser.skipFragments(scope.end, scope.littleEndian);
    // Every frame has a fragment of its own (PS3.5 A.4); a video is one fragment, and HealthImaging serves it whole.
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
  // A frame count that the bytes do not bear out is not believed; nor is a size that they do not fill once.
  if (whole === 0) return { frameCount: 1, length };
  return { frameCount: Math.min(declared, whole), frameSizeInBytes: size, length };
}

/** Number of Frames (0028,0008), an integer string; 1 where it is absent or no such number. */
function declaredFrames(dataset: DicomDataset): number {
  const text = elementText(dataset, '00280008')?.trim() ?? '';
  const frames = /^\+?\d{1,10}$/.test(text) ? Number(text) : 1;
  return Math.max(1, frames);
}

const bitsByTag = new Map([
  [0x7fe00008, 32],
  [0x7fe00009, 64],
]);

/** PS3.5 8.1.1 and PS3.3 C.7.6.3; undefined when frames do not begin on a byte or an attribute is missing. */
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
