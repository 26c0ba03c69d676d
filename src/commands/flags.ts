import { parseArgs } from 'node:util';

/** What a command takes: for its `--help`, and to refuse what it does not take. */
export interface CommandLine {
  readonly usage: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** What stands after the flags; undefined when nothing may. */
  readonly operands?: { readonly name: string; readonly meaning: string; readonly atLeast: number };
}

export interface Flag {
  /** Undefined for a flag without a value. */
  readonly value?: string;
  readonly meaning: string;
  readonly accepts?: (text: string) => boolean;
}

export interface Arguments {
  /** Asked for in place of running the command; faults do not matter then. */
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

const everywhere: CommandLine['flags'] = {
  help: { meaning: 'shows this' },
  version: { meaning: 'prints the version' },
};

/** Every fault of a command line at once. */
export class UsageError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[], usage: string) {
    super(`${faults.map((fault) => `  ${fault}`).join('\n')}\n\nUsage: ${usage} (--help tells more)`);
    this.name = 'UsageError';
    this.faults = faults;
  }
}

/** @throws {UsageError} naming every flag and operand that the command does not take */
export function readArguments(commandLine: CommandLine, words: readonly string[]): Arguments {
  const { flags: known, operands: expected } = commandLine;
  const every = { ...known, ...everywhere };
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(every).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
      ]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const faults: string[] = [];
  const flags = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    else if (token.kind === 'option') {
      // A flag where a value is due was meant as a flag, and is not the value.
      const isFlag = token.inlineValue === false && token.value.startsWith('--');
      const fault = flagFault(every, token.name, isFlag ? undefined : token.value);
      if (fault === undefined) flags.set(token.name, [...(flags.get(token.name) ?? []), token.value ?? '']);
      else faults.push(fault);
    }
  }
  if (expected === undefined && operands.length > 0)
    faults.push(`Expected no word without a flag, but found ${operands.length}.`);
  if (expected !== undefined && operands.length < expected.atLeast) {
    faults.push(`Expected at least ${expected.atLeast} ${expected.name}.`);
  }
  const [help, version] = [flags.has('help'), flags.has('version')];
  if (faults.length > 0 && !help && !version) throw new UsageError(faults, commandLine.usage);
  return { help, version, flags, operands };
}

function flagFault(known: CommandLine['flags'], name: string, value: string | undefined): string | undefined {
  const flag = Object.hasOwn(known, name) ? known[name] : undefined;
  if (flag === undefined) {
    const names = Object.keys(known).map((each) => `--${each}`);
    return `--${name}: no such flag; expected one of ${names.join(', ')}.`;
  }
  if (flag.value === undefined) return value === undefined ? undefined : `--${name}: expected no value.`;
  if (value === undefined || value === '' || flag.accepts?.(value) === false)
    return `--${name}: expected ${flag.value}.`;
  return undefined;
}

export function helpText({ usage, summary, flags, operands }: CommandLine): string {
  const rows = [
    ...(operands === undefined ? [] : [[operands.name, operands.meaning] as const]),
    ...Object.entries({ ...flags, ...everywhere }).map(
      ([name, { value, meaning }]) =>
        [`--${name}`, value === undefined ? meaning : `${meaning} (expects ${value})`] as const,
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);
  return `Usage: ${usage}\n\n${summary}\n\n${lines.join('\n')}\n`;
}

/** A port number, for flags. */
export const portFlag: Flag = {
  value: 'a port from 0 to 65535, where 0 takes a free one',
  meaning: 'port to listen on',
  accepts: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
};

export const hostFlag: Flag = {
  value: 'a host name or address',
  meaning: 'address to listen on',
  accepts: (text) => /^[\w.:-]+$/.test(text),
};
