import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

import { isErrorCode } from '../errors.ts';
import { isServiceIdentifier } from '../identifiers.ts';
import { readableLines } from './readableLines.ts';
import { serializeError } from './serializeError.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const matching = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const number = (value: unknown) => typeof value === 'number';
/** A word of this program's own vocabulary. */
const word = matching(/^[A-Za-z_]{1,60}$/);

/**
 * The members that a line may have beside its message, and the form of each. A member that is not in this table, or has
 * another form, is left out: so a value of a request or a response that is passed to the log by mistake does not get into
 * it.
 */
const bindings = {
  /** Any value: `serializeError` picks what may be said of it. */
  err: () => true,
  error: () => true,
  requestId: matching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  method: word,
  /** As registered, never a URL. */
  route: matching(/^\/[a-z/]{0,40}$/),
  status: number,
  milliseconds: number,
  /** Of the error table. */
  code: isErrorCode,
  errorCodes: (value: unknown) => Array.isArray(value) && value.every(isErrorCode),
  operationType: matching(/^(query|mutation|subscription)$/),
  /** Registered in the safelist; any other name is the client's own text. */
  operationName: matching(/^[A-Za-z_]\w{0,99}$/),
  /** A configured data store's, never one of a request. */
  datastoreId: isServiceIdentifier,
  reason: word,
  limit: word,
  /** A name of the schema. */
  field: word,
  /** A name of HealthImaging's service model. */
  operation: word,
  signal: word,
  filesRead: number,
  imageSetsMade: number,
  imageSetsUpdated: number,
  imageSetsUnchanged: number,
  leftOut: number,
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

export type Bindings = Readonly<Partial<Record<keyof typeof bindings, unknown>>>;

/** Messages are fixed text, or fixed text with names of settings (`config/checks`). */
interface Write {
  (message: string): void;
  (bindings: Bindings, message: string): void;
}

/** The part of pino's logger that this project uses. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>>;

export interface LogOptions {
  readonly level: LogLevel;
  /** Readable lines for a terminal instead of JSON. */
  readonly readable: boolean;
  /** Instead of stdout. */
  readonly destination?: DestinationStream;
}

/** A log whose lines hold their fixed message and what the table above allows. */
export function createLog({ level, readable, destination }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    serializers: { err: serializeError, error: serializeError },
    formatters: { log: allowed },
    hooks: {
      // Where a line has no message, pino would take the error's.
      logMethod([first, message, ...rest], write) {
        const hasNoMessage = first instanceof Error || (typeof first === 'object' && message === undefined);
        if (!hasNoMessage) Reflect.apply(write, this, [first, message, ...rest]);
        else Reflect.apply(write, this, [first instanceof Error ? { err: first } : first, message ?? '']);
      },
    },
  };
  if (readable) return pino(options, readableLines(destination));
  return destination === undefined ? pino(options) : pino(options, destination);
}

function allowed(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).filter(([name, value]) => isAllowed(name, value)));
}

function isAllowed(name: string, value: unknown): boolean {
  return isBinding(name) && bindings[name](value);
}

function isBinding(name: string): name is keyof typeof bindings {
  return Object.hasOwn(bindings, name);
}
