import type { ConditionInput } from '../search/filter/conditions.ts';
import type { SearchByAttributeValue, SearchCriteria, SearchFilter } from '../search/filter/criteria.ts';
import type { ImageSetFilterInput, ImageSetSortInput } from '../search/filter/filter.ts';
import type { AuditedCondition, AuditedSearch } from './auditEvent.ts';
import type { KeyedHash } from './keyedHash.ts';

/** The arguments of a field that lists image sets. */
export interface SearchArguments {
  readonly datastoreId?: string | null;
  readonly filter?: ImageSetFilterInput | null;
  readonly sort?: ImageSetSortInput | null;
  readonly first?: number | null;
  /** A cursor. */
  readonly after?: string | null;
}

/** The schema's name of each attribute that HealthImaging searches. */
const conditionNames = {
  DICOMPatientId: 'patientId',
  DICOMAccessionNumber: 'accessionNumber',
  DICOMStudyId: 'studyId',
  DICOMStudyInstanceUID: 'studyInstanceUid',
  DICOMSeriesInstanceUID: 'seriesInstanceUid',
  createdAt: 'createdAt',
  updatedAt: 'updatedAt',
  DICOMStudyDateAndTime: 'studyDateAndTime',
  isPrimary: 'isPrimary',
} as const satisfies Record<AttributeName, keyof ConditionInput>;

type AttributeName = SearchByAttributeValue extends infer Value
  ? Value extends unknown
    ? keyof Value
    : never
  : never;

const knownNames: ReadonlySet<string> = new Set(Object.values(conditionNames));
const nameOfAttribute: ReadonlyMap<string, string> = new Map(Object.entries(conditionNames));

/** The criteria that HealthImaging was asked, by names of the schema; a day without a time is a range by then. */
export function auditedConditions(
  { filters }: SearchCriteria,
  hash: KeyedHash | undefined,
): AuditedCondition[] {
  return (filters ?? []).map(({ operator, values }) => ({
    field: fieldOf(values[0]),
    operator,
    valueHashes: hash && values.map((value) => hash(fieldOf(value), canonicalValue(value))),
  }));
}

/** Of a search that was refused before its filter was read: names only, and only those of the schema. */
export function namedConditions(
  filter: ImageSetFilterInput | null | undefined,
  own: SearchFilter | undefined,
): AuditedCondition[] {
  const { and, ...alone } = filter ?? {};
  const names = [
    ...(own === undefined ? [] : [fieldOf(own.values[0])]),
    ...[alone, ...(and ?? [])].flatMap(Object.keys),
  ];
  return names
    .filter((name) => knownNames.has(name))
    .slice(0, 3)
    .map((field) => ({ field, operator: undefined, valueHashes: undefined }));
}

export function auditedArguments({
  sort,
  first,
  after,
}: SearchArguments): Pick<AuditedSearch, 'sort' | 'first' | 'continued'> {
  return {
    sort: sort ? { field: sort.field ?? 'UPDATED_AT', order: sort.order ?? 'DESC' } : undefined,
    first: first ?? undefined,
    continued: typeof after === 'string',
  };
}

function fieldOf(value: SearchByAttributeValue): string {
  const [attribute = ''] = Object.keys(value);
  return nameOfAttribute.get(attribute) ?? attribute;
}

/** The same text however the client wrote the value: criteria hold parsed values. */
function canonicalValue(value: SearchByAttributeValue): string {
  const [only] = Object.values(value) as [
    string | boolean | Date | { DICOMStudyDate: string; DICOMStudyTime?: string },
  ];
  if (only instanceof Date) return only.toISOString();
  if (typeof only === 'object') return `${only.DICOMStudyDate} ${canonicalTime(only.DICOMStudyTime ?? '')}`;
  return String(only);
}

/** 093000.000 and 093000 are the same time. */
function canonicalTime(time: string): string {
  return time.includes('.') ? time.replace(/\.?0+$/, '') : time;
}
