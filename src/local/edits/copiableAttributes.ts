import { invalid, parseJson, recordOf } from './metadataJson.ts';

/**
 * The instances that `copiableAttributes` names: JSON nested as the metadata document is, with empty objects in place of instances.
 * @returns SOP Instance UIDs
 * @throws {ServiceError} ValidationException
 */
export function readCopiableAttributes(
  text: string,
  {
    seriesInstanceUid,
    sopInstanceUids,
  }: { readonly seriesInstanceUid: string; readonly sopInstanceUids: readonly string[] },
): string[] {
  const tree = recordOf(parseJson(Buffer.from(text)), ['SchemaVersion', 'Study'], 'the attributes');
  const study = recordOf(tree['Study'], ['Series'], 'Study');
  const allSeries = recordOf(study['Series'], [seriesInstanceUid], 'Study.Series');
  const series = recordOf(allSeries[seriesInstanceUid], ['Instances'], 'a series');
  const uids = Object.keys(recordOf(series['Instances'], undefined, 'Instances'));
  if (uids.length === 0) throw invalid('Expected an instance to be copied.');
  if (uids.some((uid) => !sopInstanceUids.includes(uid)))
    throw invalid('Expected no instance but those of the source image set.');
  return uids;
}
