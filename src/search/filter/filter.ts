import { badUserInput } from '../../errors.ts';
import { conditions, type ConditionInput } from './conditions.ts';
import type { SearchCriteria, SearchFilter, SearchSort } from './criteria.ts';
import { fieldsOf, isMissing, oneOf } from './inputShape.ts';

/** The schema's input `ImageSetFilter`. Exactly one field is given, which is checked at run time. */
export interface ImageSetFilterInput extends ConditionInput {
  readonly and?: readonly ImageSetFilterInput[] | null;
}

export type ImageSetSortField = 'UPDATED_AT' | 'CREATED_AT' | 'STUDY_DATE_AND_TIME';

/** The schema's input `ImageSetSort`, with the same defaults. */
export interface ImageSetSortInput {
  readonly field?: ImageSetSortField;
  readonly order?: SearchSort['sortOrder'];
}

const sortFields: Readonly<Record<ImageSetSortField, SearchSort['sortField']>> = {
  UPDATED_AT: 'updatedAt',
  CREATED_AT: 'createdAt',
  STUDY_DATE_AND_TIME: 'DICOMStudyDateAndTime',
};

const readCondition = oneOf({ ...conditions, and: refuseNested });
const readFilter = oneOf<keyof ImageSetFilterInput, SearchFilter | SearchFilter[]>({
  ...conditions,
  and: readAnd,
});

/**
 * The filter and sort in HealthImaging's terms. Throws BAD_USER_INPUT for what does not fit the schema or cannot be
 * searched; the message names the field and what is expected there.
 * @param own the condition that the searched object is itself, such as a patient's id: one of the two there may be
 */
export function toSearchCriteria(
  filter: ImageSetFilterInput | null | undefined,
  sort: ImageSetSortInput | null | undefined,
  own?: SearchFilter,
): SearchCriteria {
  const filters = joinConditions(own, isMissing(filter) ? [] : [readFilter(filter, 'filter')].flat());
  return {
    ...(filters !== undefined && { filters }),
    ...(!isMissing(sort) && { sort: readSort(sort) }),
  };
}

/** The schema's name for what HealthImaging sorted by. */
export function sortFieldName(sortField: SearchSort['sortField']): ImageSetSortField {
  switch (sortField) {
    case 'updatedAt':
      return 'UPDATED_AT';
    case 'createdAt':
      return 'CREATED_AT';
    case 'DICOMStudyDateAndTime':
      return 'STUDY_DATE_AND_TIME';
  }
}

function joinConditions(
  own: SearchFilter | undefined,
  asked: readonly SearchFilter[],
): SearchCriteria['filters'] {
  const [first, second, third] = own === undefined ? asked : [own, ...asked];
  if (third !== undefined) {
    throw badUserInput(
      'filter.and',
      'one condition, since HealthImaging takes two and the object searched is one of them',
    );
  }
  if (first === undefined) return undefined;
  return second === undefined ? [first] : [first, second];
}

function readAnd(value: unknown, path: string): SearchFilter[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  if (list.length < 1 || list.length > 2) throw badUserInput(path, 'a list of one or two conditions');
  return list.map((item, index) => readCondition(item, `${path}[${index}]`));
}

function refuseNested(_value: unknown, path: string): never {
  throw badUserInput(path, 'no `and` within an `and`, since HealthImaging takes two conditions');
}

function readSort(sort: ImageSetSortInput): SearchSort {
  const { field = 'UPDATED_AT', order = 'DESC' } = fieldsOf(sort, 'sort', ['field', 'order']);
  const sortField = new Map<unknown, SearchSort['sortField']>(Object.entries(sortFields)).get(field);
  if (sortField === undefined)
    throw badUserInput('sort.field', `one of ${Object.keys(sortFields).join(', ')}`);
  if (order !== 'ASC' && order !== 'DESC') throw badUserInput('sort.order', 'one of ASC, DESC');
  return { sortField, sortOrder: order };
}
