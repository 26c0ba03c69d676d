import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

// The clients, in a process of their own: as many as told send one request after another until the time is over.

/** What to send: NUMBER in the path and the body is another number each time. */
export interface Work {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly seconds: number;
  /** Asks for page after page until there is none; what follows `"NAME":` in an answer replaces AFTER in the next request. */
  readonly walk: { readonly cursor: string; readonly more: string } | undefined;
  /** An answer of fewer bytes is a failed one. */
  readonly leastBytes: number;
}

export interface Worked {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Of requests, or of whole walks, in milliseconds, ascending. */
  readonly p50: number;
  readonly p99: number;
  /** Walks that came to their end. */
  readonly walks: number;
}

// Other numbers at each start, so that none meets a page that is kept from before.
let number = Math.floor(Math.random() * 1_000_000_000);

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

async function send(work: Work, agent: Agent, filled: (text: string) => string): Promise<Answer> {
  const { url, method, path, body, headers } = work;
  const sent = request(`${url}${filled(path)}`, { method, agent, headers });
  sent.end(body === undefined ? undefined : filled(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await buffer(answer) };
}

async function run(work: Work): Promise<Worked> {
  const agent = new Agent({ keepAlive: true, maxSockets: work.concurrency });
  const times: number[] = [];
  let [requests, failed, bytes] = [0, 0, 0];
  const begun = performance.now();
  const until = begun + work.seconds * 1_000;

  async function ask(own: number, after: string): Promise<string> {
    const { status, body } = await send(work, agent, (text) =>
      text.replaceAll('NUMBER', String(own)).replaceAll('AFTER', after),
    );
    requests += 1;
    bytes += body.length;
    if (status !== 200 || body.length < work.leastBytes) failed += 1;
    if (work.walk === undefined) return '';
    const text = body.toString();
    const [, cursor = ''] = new RegExp(`"${work.walk.cursor}":"([^"]+)"`).exec(text) ?? [];
    return text.includes(work.walk.more) ? cursor : '';
  }

  async function client(): Promise<void> {
    do {
      const startedAt = performance.now();
      const own = (number += 1);
      let after = await ask(own, work.method === 'GET' ? '' : 'null');
      while (after !== '')
        after = await ask(own, work.method === 'GET' ? `&nextToken=${after}` : `"${after}"`);
      times.push(performance.now() - startedAt);
    } while (performance.now() < until);
  }

  await Promise.all(Array.from({ length: work.concurrency }, client));
  agent.destroy();
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    ...{ requests, failed, bytes, p50: at(0.5), p99: at(0.99) },
    seconds: (performance.now() - begun) / 1_000,
    walks: work.walk === undefined ? 0 : times.length,
  };
}

process.on('message', (work: Work) => {
  void run(work).then((worked) => process.send?.(worked));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
