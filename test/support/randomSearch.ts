import fc from 'fast-check';

/** A document that searches image sets, or nearly that. */
export interface RandomSearch {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Type = 'ImageSetConnection' | 'ImageSetEdge' | 'ImageSet' | 'DicomTags' | 'PageInfo' | 'ImageSetSorting';

const scalarsOf: Readonly<Record<Type, readonly string[]>> = {
  ImageSetConnection: ['__typename'],
  ImageSetEdge: ['__typename', 'cursor'],
  ImageSet: [
    ...['__typename', 'id', 'datastoreId', 'imageSetId', 'version', 'isPrimary', 'storageTier'],
    ...['createdAt', 'updatedAt', 'lastAccessedAt'],
  ],
  DicomTags: [
    ...[
      '__typename',
      'patientId',
      'patientName',
      'patientBirthDate',
      'patientSex',
      'studyInstanceUid',
      'studyId',
    ],
    ...['studyDescription', 'numberOfStudyRelatedSeries', 'numberOfStudyRelatedInstances', 'accessionNumber'],
    ...['seriesInstanceUid', 'seriesModality', 'seriesBodyPart', 'seriesNumber', 'studyDate', 'studyTime'],
  ],
  PageInfo: ['__typename', 'hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'],
  ImageSetSorting: ['__typename', 'field', 'order'],
};

const objectsOf: Readonly<Record<Type, Readonly<Record<string, Type>>>> = {
  ImageSetConnection: {
    edges: 'ImageSetEdge',
    nodes: 'ImageSet',
    pageInfo: 'PageInfo',
    sort: 'ImageSetSorting',
  },
  ImageSetEdge: { node: 'ImageSet' },
  ImageSet: { dicomTags: 'DicomTags' },
  DicomTags: {},
  PageInfo: {},
  ImageSetSorting: {},
};

/** Fields that lead elsewhere: these documents are graphql-js' own. */
const elsewhere: Readonly<Record<string, string>> = {
  patient: 'patient { id }',
  study: 'study { instanceUid }',
  datastore: 'datastore { datastoreId }',
};

/** Names that an object of JavaScript has already, and others that are names of GraphQL. */
const aliases = [
  'a',
  '_',
  'data',
  'toJSON',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'nodes',
  'then',
  'A1_b',
];
/** One for each field, so that two of a key can always be merged. */
const oddNames: Readonly<Record<string, string>> = {
  ...{
    id: 'toJSON',
    version: '__proto__',
    imageSetId: 'constructor',
    dicomTags: 'then',
    edges: 'hasOwnProperty',
  },
  ...{
    node: '__proto__',
    cursor: 'toJSON',
    pageInfo: '__proto__',
    endCursor: 'toJSON',
    patientId: '__proto__',
  },
};

/** Picks for itself, so that a document is one number: what is picked hangs together in ways that arbitraries do not. */
function printer(seed: number) {
  let state = seed;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return Math.floor((state / 2 ** 31) * below);
  };
  const among = <Item>(items: readonly Item[]): Item => items[pick(items.length)] as Item;
  const fragments: string[] = [];

  const selection = (type: Type, depth: number): string => {
    const parts = Array.from({ length: 1 + pick(5) }, () => part(type, depth));
    return `{ ${parts.join(' ')} }`;
  };
  const keyed = (name: string, below = ''): string =>
    pick(4) === 0 ? `${oddNames[name] ?? `_${name}`}: ${name}${below}` : `${name}${below}`;
  const part = (type: Type, depth: number): string => {
    const chance = pick(150);
    if (chance === 0 && type === 'ImageSet') return elsewhere[among(Object.keys(elsewhere))] ?? '';
    if (chance === 1) return `__typename @include(if: ${pick(2) === 0})`;
    if (chance < 30 && depth > 0) return fragment(type, depth);
    const objects = Object.entries(objectsOf[type]);
    if (objects.length > 0 && (pick(2) === 0 || type === 'ImageSetConnection')) {
      const [name, below] = among(objects);
      return keyed(name, ` ${selection(below, depth - 1)}`);
    }
    return keyed(among(scalarsOf[type]));
  };
  const fragment = (type: Type, depth: number): string => {
    const on = type === 'ImageSet' && pick(4) === 0 ? 'Node' : type;
    const set = on === 'Node' ? '{ id }' : selection(type, depth - 1);
    const chance = pick(3);
    if (chance === 0) return on === 'Node' ? `... on Node ${set}` : `... ${set}`;
    if (chance === 1) return `... on ${on} ${set}`;
    const name = `F${fragments.length}`;
    fragments.push('');
    fragments[Number(name.slice(1))] = `fragment ${name} on ${on} ${set}`;
    return `...${name} ...${name}`;
  };
  return { pick, among, selection, fragments };
}

const values = {
  first: [undefined, null, 1, 2, 3, 5, 7, 0, 501],
  filter: [
    undefined,
    { patientId: { equal: 'SAMPLE-1' } },
    { and: [{ isPrimary: { equal: true } }] },
    { updatedAt: { between: { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' } } },
    {},
  ],
  sort: [undefined, { field: 'CREATED_AT' }, { field: 'UPDATED_AT', order: 'ASC' }],
};

function print(seed: number, depth: number): RandomSearch {
  const { pick, among, selection, fragments } = printer(seed);
  const variables: Record<string, unknown> = {};
  const set = (name: keyof typeof values) => {
    const value = among<unknown>(values[name]);
    if (value !== undefined) variables[name] = value;
  };
  set('first');
  if (pick(3) === 0) set('filter');
  if (pick(4) === 0) set('sort');
  const given = 'first: $first, filter: $filter, sort: $sort';
  const root = pick(8) === 0 ? `${among(aliases)}: imageSets` : 'imageSets';
  const body = selection('ImageSetConnection', depth);
  const beside = pick(12) === 0 ? ' again: imageSets(first: 1) { nodes { id } }' : '';
  const head = 'query ($first: Int, $filter: ImageSetFilter, $sort: ImageSetSort)';
  return { query: [`${head} { ${root}(${given}) ${body}${beside} }`, ...fragments].join('\n'), variables };
}

/** Aliases, merged fields, fragments within fragments, odd names, and a few fields, directives and values that are unusual. */
export const randomSearch: fc.Arbitrary<RandomSearch> = fc.nat(2 ** 31 - 1).map((seed) => print(seed, 4));
