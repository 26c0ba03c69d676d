import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

import { isErrorCode } from '../errors.ts';
import { isServiceIdentifier } from '../identifiers.ts';
import { serializeError } from './serializeError.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const form = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const number = (value: unknown) => typeof value === 'number';
/** Of the code's own vocabulary: codes, reasons, names of limits, operations, signals. */
const word = form(/^[A-Za-z_]{1,60}$/);

/**
 * All that a line may say beside its message, and in which form: what is not in this table, or has another form, is left
 * out. So no value of a request or of an answer gets into a log by being handed to it.
 */
const bindings = {
  /** `serializeError` makes of it what may be said. */
  err: () => true,
  /** The same. */
  error: () => true,
  requestId: form(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  method: word,
  /** A route of our own, never a URL. */
  route: form(/^\/[a-z/]{0,40}$/),
  status: number,
  milliseconds: number,
  /** Of our own table of errors. */
  code: isErrorCode,
  /** A configured data store's, never one of a request. */
  datastoreId: isServiceIdentifier,
  reason: word,
  limit: word,
  /** Of the schema. */
  field: word,
  /** Of HealthImaging's service model. */
  operation: word,
  signal: word,
  filesRead: number,
  imageSetsMade: number,
  imageSetsUpdated: number,
  imageSetsUnchanged: number,
  leftOut: number,
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

export type Bindings = Readonly<Partial<Record<keyof typeof bindings, unknown>>>;

/** Messages are fixed text. */
interface Write {
  (message: string): void;
  (bindings: Bindings, message: string): void;
}

/** The part of a logger that this project uses; one of `createLog` keeps what it is not to say out of it. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>>;

export interface LogOptions {
  readonly level: LogLevel;
  /** Readable lines for a terminal instead of JSON. */
  readonly readable: boolean;
  /** Instead of stdout; for lines of JSON. */
  readonly destination?: DestinationStream;
}

export function createLog({ level, readable, destination }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    serializers: { err: serializeError, error: serializeError },
    formatters: { log: allowed },
    hooks: {
      // pino takes an error's message for the line's own where there is none.
      logMethod([first, message, ...rest], write) {
        const wordless = first instanceof Error || (typeof first === 'object' && message === undefined);
        if (!wordless) Reflect.apply(write, this, [first, message, ...rest]);
        else Reflect.apply(write, this, [first instanceof Error ? { err: first } : first, message ?? '']);
      },
    },
    ...(readable && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function allowed(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).filter(([name, value]) => mayBeSaid(name, value)));
}

function mayBeSaid(name: string, value: unknown): boolean {
  return isBinding(name) && bindings[name](value);
}

function isBinding(name: string): name is keyof typeof bindings {
  return Object.hasOwn(bindings, name);
}
