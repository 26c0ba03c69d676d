import { dictionaryEntry, tagOfKeyword } from '../dicom/dictionary.ts';
import { isPet, levelOfKeyword, type InformationLevel } from '../dicom/informationLevels.ts';
import type { Attributes, InstanceDocument } from '../store/metadataDocument.ts';
import { isValueOf } from './attributeValues.ts';
import { invalid, parseJson, recordOf } from './metadataJson.ts';

/** Updates of one side, nested as the metadata document is. */
export interface MetadataTree {
  readonly patient: Attributes;
  readonly study: Attributes;
  readonly series: Attributes;
  readonly instances: Readonly<Record<string, InstanceTree>>;
}

interface InstanceTree {
  /** Undefined where the instance is named alone. */
  readonly attributes: Attributes | undefined;
  readonly representations: Readonly<Record<string, string>>;
}

export interface MetadataUpdates {
  readonly updatable: MetadataTree | undefined;
  readonly removable: MetadataTree | undefined;
}

/** What an update is made to. */
export interface UpdateTarget {
  readonly seriesInstanceUid: string;
  readonly isPrimary: boolean;
  readonly force: boolean;
  readonly includesStudy: boolean;
  /** The instances of the newest version, by SOP Instance UID. */
  readonly documents: ReadonlyMap<string, InstanceDocument>;
}

const nothing: MetadataTree = { patient: {}, study: {}, series: {}, instances: {} };

/**
 * Reads `updatableAttributes` or `removableAttributes`.
 * @param bytes JSON in UTF-8, nested as the metadata document is
 * @throws {ServiceError} ValidationException
 */
export function readTree(bytes: Uint8Array, seriesInstanceUid: string): MetadataTree {
  const tree = recordOf(parseJson(bytes), ['SchemaVersion', 'Patient', 'Study'], 'the attributes');
  const patient = recordOf(tree['Patient'] ?? {}, ['DICOM'], 'Patient');
  const study = recordOf(tree['Study'] ?? {}, ['DICOM', 'Series'], 'Study');
  const allSeries = recordOf(study['Series'] ?? {}, undefined, 'Study.Series');
  if (Object.keys(allSeries).some((uid) => uid !== seriesInstanceUid))
    throw invalid('Expected no series but that of the image set.');
  const series = recordOf(allSeries[seriesInstanceUid] ?? {}, ['DICOM', 'Instances'], 'a series');
  const instances = recordOf(series['Instances'] ?? {}, undefined, 'Instances');
  return {
    patient: attributesOf(patient['DICOM']),
    study: attributesOf(study['DICOM']),
    series: attributesOf(series['DICOM']),
    instances: Object.fromEntries(
      Object.entries(instances).map(([uid, value]) => {
        const instance = recordOf(value, ['DICOM', 'DICOMVRs'], 'an instance');
        const representations = recordOf(instance['DICOMVRs'] ?? {}, undefined, 'DICOMVRs');
        if (Object.values(representations).some((vr) => typeof vr !== 'string'))
          throw invalid('Expected value representations as text in DICOMVRs.');
        const attributes = instance['DICOM'] === undefined ? undefined : attributesOf(instance['DICOM']);
        return [uid, { attributes, representations: representations as Record<string, string> }];
      }),
    ),
  };
}

function attributesOf(value: unknown): Attributes {
  return recordOf(value ?? {}, undefined, 'DICOM');
}

const identifying = new Set(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'StudyID']);
const never = new Set(['PixelData', 'FloatPixelData', 'DoubleFloatPixelData']);
const privateKey = /^[0-9A-F]{8}$/;

/**
 * Checks updates by the rules of the service (AWS, "Updating image set metadata").
 * @throws {ServiceError} ValidationException
 */
export function checkUpdates(
  { updatable = nothing, removable = nothing }: MetadataUpdates,
  target: UpdateTarget,
): void {
  for (const tree of [updatable, removable]) {
    for (const level of ['patient', 'study', 'series'] as const)
      checkLevel(level, Object.keys(tree[level]), target);
    for (const [uid, { attributes = {} }] of Object.entries(tree.instances)) {
      if (!target.documents.has(uid)) throw invalid('Expected no instance but those of the image set.');
      for (const key of Object.keys(attributes)) checkKey(key, 'instance', target);
    }
  }
  for (const attributes of allAttributes(updatable))
    for (const [key, value] of Object.entries(attributes)) checkValue(key, value, target);
  for (const attributes of allAttributes(removable))
    if (Object.keys(attributes).some((key) => identifying.has(key) && key !== 'StudyID'))
      throw invalid('Expected no UID among the attributes to be removed.');
  const removed = Object.values(removable.instances).filter(({ attributes }) => attributes === undefined);
  if (removed.length > 0 && removed.length === target.documents.size)
    throw invalid('Expected an instance to be left in the image set.');
}

function allAttributes({ patient, study, series, instances }: MetadataTree): Attributes[] {
  return [patient, study, series, ...Object.values(instances).map(({ attributes = {} }) => attributes)];
}

function checkLevel(
  level: Exclude<InformationLevel, 'instance'>,
  keys: readonly string[],
  target: UpdateTarget,
): void {
  if (keys.length === 0) return;
  const { isPrimary, includesStudy } = target;
  if (isPrimary && (level === 'series' || (level === 'patient' && !includesStudy)))
    throw invalid(`Expected no attributes of the ${level} for a primary image set.`);
  for (const key of keys) checkKey(key, level, target);
}

function checkKey(key: string, level: InformationLevel, target: UpdateTarget): void {
  if (never.has(key)) throw invalid('Expected no pixel data among the attributes.');
  const tag = tagOfKeyword(key);
  if (tag === undefined) {
    if (!privateKey.test(key) || level !== 'instance')
      throw invalid('Expected keywords of DICOM, or tags of eight hexadecimal digits with an instance.');
    demandForce('private or unknown attributes', target);
    return;
  }
  const [document] = target.documents.values();
  const ofPet = isPet({
    sopClassUid: document?.instance['SOPClassUID'],
    modality: document?.series['Modality'],
  });
  if (levelOfKeyword(key, ofPet) !== level) throw invalid('Expected each attribute at its own level.');
  if (identifying.has(key)) demandForce('identifiers of study, series or instance', target);
  const { vr = '', vm = '1' } = dictionaryEntry(tag) ?? {};
  if (vr === 'SQ') demandForce('sequences', target);
  else if (vm !== '1') demandForce('attributes of several values', target);
}

function checkValue(key: string, value: unknown, target: UpdateTarget): void {
  const vr = dictionaryEntry(tagOfKeyword(key) ?? '')?.vr;
  if (vr === undefined || vr === 'SQ') return;
  for (const each of [value].flat()) {
    if (typeof each === 'string' && each.length > 512)
      throw invalid('Expected values of 512 characters at most.');
    if (each !== null && !isValueOf(vr, each))
      demandForce('a value of another form than its attribute has', target);
  }
  if (key.endsWith('InstanceUID') && !(typeof value === 'string' && /^[0-9.]{1,256}$/.test(value)))
    throw invalid('Expected UIDs of digits and dots, 256 characters at most.');
}

function demandForce(what: string, { force, isPrimary }: UpdateTarget): void {
  if (!force || isPrimary)
    throw invalid(`Expected ${what} only with force, for an image set that is not primary.`);
}

/**
 * The documents after updates that passed the checks, by SOP Instance UID; those that do not change are the same objects.
 */
export function updatedDocuments(
  { updatable = nothing, removable = nothing }: MetadataUpdates,
  documents: ReadonlyMap<string, InstanceDocument>,
): Map<string, InstanceDocument> {
  const left = Array.from(documents).filter(
    ([uid]) => !(uid in removable.instances) || removable.instances[uid]?.attributes !== undefined,
  );
  return new Map(
    left.map(([uid, document]) => {
      const instance = { set: updatable.instances[uid], unset: removable.instances[uid]?.attributes ?? {} };
      const change = (level: 'patient' | 'study' | 'series') =>
        changed(document[level], updatable[level], removable[level]);
      const attributes = changed(document.instance, instance.set?.attributes ?? {}, instance.unset);
      const sopInstanceUid = attributes['SOPInstanceUID'];
      const representations = { ...document.representations, ...instance.set?.representations };
      return [
        typeof sopInstanceUid === 'string' ? sopInstanceUid : uid,
        {
          ...document,
          patient: change('patient'),
          study: change('study'),
          series: change('series'),
          instance: attributes,
          representations: Object.fromEntries(
            Object.entries(representations).filter(([tag]) => tag in attributes),
          ),
        },
      ];
    }),
  );
}

function changed(attributes: Attributes, set: Attributes, unset: Attributes): Attributes {
  const kept = Object.entries(attributes).filter(([key]) => !(key in unset));
  const written = Object.entries(set).map(([key, value]) => [key, formed(key, value)]);
  return { ...Object.fromEntries(kept), ...(Object.fromEntries(written) as Attributes) };
}

/** A list where the attribute may have several values, as the document has it. */
function formed(key: string, value: unknown): unknown {
  const vm = dictionaryEntry(tagOfKeyword(key) ?? '')?.vm ?? '1';
  return value === null || value === '' ? null : vm === '1' || Array.isArray(value) ? value : [value];
}
