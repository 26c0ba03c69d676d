import { requestOf, type Load } from './loads.ts';
import type { RunningServer } from './processes.ts';

/** Of an answer, by either kind of server: how many rows, and the first one's image set. */
function read(text: string): { readonly rows: number; readonly first: string | undefined } {
  const ids = [...text.matchAll(/"(?:a\d+|imageSetId)":"([0-9a-z]{32})"/g)];
  return { rows: ids.length, first: ids[0]?.[1] };
}

/**
 * Asks once, as the clients of the bench will.
 * @returns the size of the answer in bytes, not compressed
 * @throws {Error} where it is not the answer that was asked for
 */
export async function verify({ contender, url }: RunningServer, load: Load): Promise<number> {
  const { name, kind, headers } = contender;
  const request = requestOf(load, kind, headers);
  const number = name.length;
  const filled = (text: string) =>
    text.replaceAll('NUMBER', String(number)).replaceAll('AFTER', kind === 'rest' ? '' : 'null');
  const response = await fetch(`${url}${filled(request.path)}`, {
    method: request.method,
    headers: request.headers,
    ...(request.body !== undefined && { body: filled(request.body) }),
  });
  const text = await response.text();
  const { rows, first } = read(text);
  // As the upstream makes rows of a Patient ID.
  const expected = String((load.patientId.startsWith('KEPT') ? 1 : number) * 61).padStart(32, '0');
  const isEncoded = (response.headers.get('content-encoding') === 'br') === (load.compressed === true);
  if (response.status !== 200 || rows !== load.first || first !== expected || !isEncoded) {
    throw new Error(`${name} answered ${response.status} with ${rows} rows: ${text.slice(0, 500)}`);
  }
  return Buffer.byteLength(text);
}
