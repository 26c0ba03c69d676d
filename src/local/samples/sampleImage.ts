import type { DatasetInput } from '../dicom/write/writeP10.ts';

const side = 16;

/** A bright disc on a ramp: frames can be told apart, and nobody takes it for an image of a patient. */
function frame(phase: number, sixteenBits: boolean): Buffer {
  const bytes = Buffer.alloc(side * side * (sixteenBits ? 2 : 1));
  const centre = 4 + (phase % 8);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const row = Math.floor(pixel / side);
    const column = pixel % side;
    const inDisc = Math.hypot(row - side / 2, column - centre) < 4;
    const level = inDisc ? 200 : row * 6 + phase;
    if (sixteenBits) bytes.writeUInt16LE(level * 16, pixel * 2);
    else bytes[pixel] = level;
  }
  return bytes;
}

/** The Image Pixel module (PS3.3 C.7.6.3) with native little-endian pixels. */
export function sampleImage(frames: number, seed: number, sixteenBits: boolean): DatasetInput {
  const pixels = Buffer.concat(
    Array.from({ length: frames }, (_, index) => frame((seed + index) % 24, sixteenBits)),
  );
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: side,
    Columns: side,
    BitsAllocated: sixteenBits ? 16 : 8,
    BitsStored: sixteenBits ? 12 : 8,
    HighBit: sixteenBits ? 11 : 7,
    PixelRepresentation: 0,
    ...(frames > 1 && { NumberOfFrames: frames }),
    PixelData: { vr: sixteenBits ? 'OW' : 'OB', value: pixels },
  };
}
