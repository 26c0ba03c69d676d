import { Writable } from 'node:stream';

import { pino } from 'pino';

import { serializeError, type Log } from '../../src/log.ts';

export interface CapturedLog {
  readonly log: Log;
  /** Everything that was written, as text. */
  text(): string;
  lines(): Readonly<Record<string, unknown>>[];
  clear(): void;
}

/** A log at trace level, as the process writes it, kept. */
export function captureLog(): CapturedLog {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const serializers = { err: serializeError, error: serializeError };
  return {
    log: pino({ level: 'trace', base: null, serializers }, stream),
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    clear() {
      written = '';
    },
  };
}
