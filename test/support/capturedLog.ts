import { Writable } from 'node:stream';

import { createLog, type Log } from '../../src/log/log.ts';

export interface CapturedLog {
  readonly log: Log;
  /** Everything that was written, as text. */
  readonly text: () => string;
  readonly lines: () => Readonly<Record<string, unknown>>[];
  readonly clear: () => void;
}

/** A log at trace level, as the process writes it, kept in memory. */
export function captureLog(): CapturedLog {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  return {
    log: createLog({ level: 'trace', readable: false, destination: stream }),
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
