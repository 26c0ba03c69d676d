import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { GatewayError } from '../../errors.ts';
import { ResponseFault } from '../responses/readMember.ts';
import { parseDocument, type MetadataDocument } from './parseDocument.ts';
import type { Parsed } from './parseThread.ts';

/** What is parsed at once, in bytes: less than a millisecond's work, and the way to the thread costs a tenth of one. */
const mostAtOnce = 65_536;
/** Parsing leaves as much memory unused as the objects took; it goes with the thread. In milliseconds. */
const idleMs = 5_000;

const threadUrl = new URL(`parseThread${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  readonly resolve: (document: MetadataDocument) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Those that were sent to it, in its order. */
  readonly waiting: Waiting[];
  idle?: NodeJS.Timeout;
}

let thread: Thread | undefined;

/**
 * `parseDocument`, of a long document in a thread of its own: 60 MB take a second, in which nobody else would be answered.
 * One thread, so that the objects of one document are in memory at a time.
 * @param bytes which are given away
 * @throws {ResponseFault} where they are no JSON text of an object
 * @throws {GatewayError} UPSTREAM_RESPONSE_TOO_LARGE where the thread has no memory for its values
 */
export async function parseApart(bytes: Uint8Array<ArrayBuffer>): Promise<MetadataDocument> {
  if (bytes.length <= mostAtOnce) return parseDocument(bytes);
  thread ??= startThread();
  const { worker, waiting, idle } = thread;
  clearTimeout(idle);
  worker.ref();
  return new Promise<MetadataDocument>((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage(bytes, [bytes.buffer]);
  });
}

function startThread(): Thread {
  const worker = new Worker(threadUrl);
  const started: Thread = { worker, waiting: [] };
  const end = () => {
    if (thread === started) thread = undefined;
  };
  worker.on('message', (parsed: Parsed) => {
    const next = started.waiting.shift();
    if (parsed === undefined) next?.reject(new ResponseFault('imageSetMetadataBlob', 'a JSON object'));
    else next?.resolve(parsed);
    if (started.waiting.length > 0) return;
    worker.unref();
    started.idle = setTimeout(() => {
      end();
      void worker.terminate();
    }, idleMs).unref();
  });
  const failAll = (cause: unknown) => {
    end();
    for (const { reject } of started.waiting.splice(0))
      reject(new GatewayError('UPSTREAM_RESPONSE_TOO_LARGE', { cause }));
  };
  worker.on('error', failAll);
  worker.on('exit', failAll);
  return started;
}
