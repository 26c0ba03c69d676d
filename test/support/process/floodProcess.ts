import { Agent, request } from 'node:http';

// A client in a process of its own, that sends requests without end; what it needs of the machine is not the gateway's.

/** What to send: the argument of the process, as JSON. */
export interface Flood {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests at a time. */
  readonly atOnce: number;
  /** Of each request; `NUMBER` in it is another number each time. */
  readonly body: string;
}

const { url, headers, atOnce, body } = JSON.parse(process.argv[2] ?? '') as Flood;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
let sent = 0;

function send(): void {
  const next = request(url, { method: 'POST', agent, headers }, (answer) => {
    answer.resume().once('close', send);
  });
  next.once('error', () => setTimeout(send, 10));
  next.end(body.replace('NUMBER', String((sent += 1))));
}

for (let number = 0; number < atOnce; number += 1) send();
process.send?.('begun');
