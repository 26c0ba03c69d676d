import type { DicomDataset, DicomElement, DicomValue } from './dataset.ts';
import { dictionaryEntry } from './dictionary.ts';
import { valueRepresentation } from './valueRepresentations.ts';

/**
 * A data set as HealthImaging's metadata documents have it: attributes by DICOM keyword, with a single value as it is, several as an
 * array, and null for none. Sequences are arrays of such records, even with one item. The key of private attributes, and of those
 * that the dictionary does not have, is "GGGG,EEEE". Bulk data and group lengths are left out.
 */
export function toMetadata(dataset: DicomDataset): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  for (const [tag, element] of dataset) {
    if (tag.endsWith('0000') || valueRepresentation(element.vr).kind === 'bulk') continue;
    metadata[keyOf(tag)] = valuesOf(element);
  }
  return metadata;
}

function keyOf(tag: string): string {
  return dictionaryEntry(tag)?.keyword ?? `${tag.slice(0, 4)},${tag.slice(4)}`;
}

function valuesOf({ vr, values }: DicomElement): unknown {
  if (vr === 'SQ') return values.map(plain);
  if (values.length > 1) return values.map(plain);
  return plain(values[0] ?? null);
}

function plain(value: DicomValue | null): unknown {
  if (value === null || typeof value === 'string') return value;
  // JSON has no infinities and no NaN.
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return toMetadata(value);
}
