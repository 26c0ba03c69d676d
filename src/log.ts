import { pino, type Logger } from 'pino';

/** The part of pino that this project uses. Bindings name fields and counts, never values of requests or answers. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What may be said of an error in a log: its class, code and place, never its message, which may quote an answer. */
export function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, cause, stack } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { at: frames(stack) }),
    ...(cause !== undefined && { cause: serializeError(cause) }),
  };
}

/** A stack begins with the message, which may span lines: only the frames are kept. */
function frames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Readable lines for a terminal instead of JSON. */
  readonly readable: boolean;
}

export function createLog({ level, readable }: LogOptions): Logger {
  return pino({
    level,
    base: null,
    serializers: { err: serializeError, error: serializeError },
    ...(readable && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  });
}
