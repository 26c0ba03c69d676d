import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What users, operators and newcomers to the code read. */
const patterns = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/*.md',
  'src/**/README.md',
  'examples/**/README.md',
];

/** A fenced block of a document. */
export interface Block {
  /** Path of its document from the repository's root, and the line that the block begins in. */
  readonly place: string;
  readonly document: string;
  /** What stands behind the opening fence: `graphql`, `sh`. */
  readonly language: string;
  readonly text: string;
  /** What an HTML comment before the block says of it, which readers of the rendered page do not see. */
  readonly mark: string | undefined;
}

export interface Document {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** The text without its fenced blocks. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

const block = /(?:^<!-- ([^\n]*) -->\n\n)?^```(\w*)\n(.*?)^```$/gms;

function readDocument(path: string): Document {
  const text = readFileSync(`${root}${path}`, 'utf8');
  const blocks = [...text.matchAll(block)].map(({ index, 1: mark, 2: language = '', 3: content = '' }) => ({
    place: `${path}:${text.slice(0, index).split('\n').length}`,
    document: path,
    language,
    text: content,
    mark,
  }));
  return { path, text, prose: text.replaceAll(block, ''), blocks };
}

export const documents: readonly Document[] = globSync(patterns, { cwd: root }).toSorted().map(readDocument);

export function documentAt(path: string): Document {
  const found = documents.find((each) => each.path === path);
  if (found === undefined) throw new Error(`Expected ${path} among the documents.`);
  return found;
}

export function blocksOf(...languages: readonly string[]): readonly Block[] {
  return documents.flatMap(({ blocks }) => blocks).filter(({ language }) => languages.includes(language));
}

/** The rows of all tables that begin with this column, without their heads. */
export function tableRows({ path, prose }: Document, firstColumn: string): string[][] {
  const tables = prose.split(new RegExp(`^\\| ${firstColumn} +\\|.*\\n`, 'm')).slice(1);
  if (tables.length === 0) throw new Error(`Expected a table of ${firstColumn} in ${path}.`);
  return tables.flatMap((rest) => {
    const lines = rest.split('\n');
    return lines
      .slice(
        1,
        lines.findIndex((line) => !line.startsWith('|')),
      )
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
  });
}
