import type { DicomDataset, DicomElement, DicomValue } from './dataset.ts';
import { dictionaryEntry, tagOfKeyword } from './dictionary.ts';
import { valueRepresentation } from './valueRepresentations.ts';

/**
 * A data set as HealthImaging's metadata documents have it: attributes by DICOM keyword; an array where an attribute may have several
 * values, even of one; null for none. Sequences are arrays of such records. The key of private attributes, and of those that the
 * dictionary does not have, is their tag, "GGGGEEEE": `privateRepresentations` has what they are. Bulk data and group lengths are left
 * out, but for those of the meta header, whose bytes are in base64.
 */
export function toMetadata(dataset: DicomDataset): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  for (const [tag, element] of dataset) {
    if (!isIncluded(tag, element)) continue;
    const entry = dictionaryEntry(tag);
    metadata[entry?.keyword ?? tag] = valuesOf(element, entry?.vm);
  }
  return metadata;
}

/** The value representations of attributes that have no keyword, by their tags. */
export function privateRepresentations(dataset: DicomDataset): Record<string, string> {
  const unnamed = Array.from(dataset).filter(
    ([tag, element]) => isIncluded(tag, element) && dictionaryEntry(tag) === undefined,
  );
  return Object.fromEntries(unnamed.map(([tag, { vr }]) => [tag, vr]));
}

function isIncluded(tag: string, { vr, values }: DicomElement): boolean {
  const isMeta = tag.startsWith('0002');
  if (tag.endsWith('0000')) return isMeta;
  return valueRepresentation(vr).kind !== 'bulk' || (isMeta && values.length > 0);
}

function valuesOf({ vr, values }: DicomElement, multiplicity: string | undefined): unknown {
  if (vr === 'SQ' || values.length > 1) return values.map(plain);
  const [value = null] = values;
  if (value === null || !mayBeSeveral(multiplicity)) return plain(value);
  return [plain(value)];
}

function mayBeSeveral(multiplicity = '1'): boolean {
  return multiplicity !== '1';
}

function plain(value: DicomValue | null): unknown {
  if (value === null || typeof value === 'string') return value;
  // JSON has no infinities and no NaN.
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return toMetadata(value);
}

/** Metadata as it was written before: private keys with a comma, and a single value where there may be several. */
export function renewMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      const tag = /^[0-9A-F]{4},[0-9A-F]{4}$/.test(key) ? key.replace(',', '') : undefined;
      return [tag ?? key, renewValue(value, tag ?? tagOfKeyword(key))];
    }),
  );
}

function renewValue(value: unknown, tag: string | undefined): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown) => (isRecord(item) ? renewMetadata(item) : item));
  if (value === null || tag === undefined || !mayBeSeveral(dictionaryEntry(tag)?.vm)) return value;
  return [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
