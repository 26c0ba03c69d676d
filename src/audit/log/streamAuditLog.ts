import type { Writable } from 'node:stream';

import type { AuditLog } from './auditLog.ts';

/** Writes a line an event to a stream such as stdout, whose reader has to keep them. */
export function createStreamAuditLog(stream: Writable): AuditLog {
  let writable = true;
  // Each write reports a closed stream to its caller; without a listener, the event would end the process.
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
