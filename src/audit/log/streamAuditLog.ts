import type { Writable } from 'node:stream';

import type { AuditLog } from './auditLog.ts';

/** One line an event, handed to whoever reads the stream, such as stdout: keeping it is theirs. */
export function createStreamAuditLog(stream: Writable): AuditLog {
  let writable = true;
  // A reader that has gone is told by each write; without a listener it would end the process.
  const ignore = (): void => undefined;
  stream.on('error', ignore);
  const write = (lines: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      if (lines.length === 0) resolve();
      else {
        stream.write(lines.map((line) => `${line}\n`).join(''), (error) => {
          writable = error === null || error === undefined;
          if (writable) resolve();
          else reject(error ?? new Error('not written'));
        });
      }
    });
  return {
    write,
    isWritable: () => Promise.resolve(writable && !stream.destroyed),
    close() {
      stream.off('error', ignore);
      return Promise.resolve();
    },
  };
}
