import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One request as it arrived. Of the query's values only the number of rows is kept: the others may be tokens. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly maxResults: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** On the clock of `performance.now`. */
  readonly arrivedAt: number;
  /** When its socket closed; undefined while it is open. */
  closedAt: number | undefined;
}

/** What to do with one request. */
export type Fault = (socket: Socket, request: RecordedRequest) => void | Promise<void>;

export interface FaultServer {
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** Sockets that are open now. */
  openSockets(): number;
  /** What to do with the next requests, in order; the last one is repeated. */
  script(...faults: readonly [Fault, ...Fault[]]): void;
  /** Resets connections as soon as they are accepted. */
  resetAtAccept(reset: boolean): void;
  readonly close: () => Promise<void>;
}

/** An upstream on raw TCP that fails in the ways it is told to. */
export async function startFaultServer(...faults: readonly [Fault, ...Fault[]]): Promise<FaultServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let script: readonly Fault[] = faults;
  let next = 0;
  let resetting = false;
  const server = createServer((socket) => {
    if (resetting) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    const own: RecordedRequest[] = [];
    socket.on('close', () => {
      sockets.delete(socket);
      for (const request of own) request.closedAt = performance.now();
    });
    // A peer may reset the connection.
    socket.on('error', () => undefined);
    readRequests(socket, (request) => {
      own.push(request);
      requests.push(request);
      const fault = script[Math.min(next, script.length - 1)];
      next += 1;
      void fault?.(socket, request);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    openSockets: () => sockets.size,
    script(...again) {
      script = again;
      next = 0;
    },
    resetAtAccept(reset) {
      resetting = reset;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function readRequests(socket: Socket, take: (request: RecordedRequest) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = pending.toString('latin1', 0, end).split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => splitOnce(line, ': ')));
      const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
      if (pending.length < bodyEnd) return;
      const body = pending.toString('utf8', end + 4, bodyEnd);
      pending = pending.subarray(bodyEnd);
      take({ ...requestLine(start), headers, body, arrivedAt: performance.now(), closedAt: undefined });
    }
  });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at).toLowerCase(), text.slice(at + separator.length)];
}

function requestLine(line: string): Pick<RecordedRequest, 'method' | 'path' | 'queryNames' | 'maxResults'> {
  const [method = '', target = ''] = line.split(' ');
  const { pathname, searchParams } = new URL(target, 'http://upstream');
  const rows = searchParams.get('maxResults');
  return {
    method,
    path: pathname,
    queryNames: [...searchParams.keys()],
    maxResults: rows === null ? undefined : Number(rows),
  };
}

export type Headers = Readonly<Record<string, string>>;

function head(status: number, headers: Headers): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n`;
}

function whole(status: number, body: string | Buffer, headers: Headers): Buffer {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return Buffer.concat([Buffer.from(head(status, { ...length, ...headers })), Buffer.from(body)]);
}

export function respond(status: number, body: string | Buffer = '', headers: Headers = {}): Fault {
  return (socket) => void socket.write(whole(status, body, headers));
}

export function json(value: unknown, status = 200, headers: Headers = {}): Fault {
  return respond(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

/** An error in the form of restJson1. */
export function exception(status: number, name: string, headers: Headers = {}): Fault {
  return json({ message: 'Scripted.' }, status, { 'x-amzn-errortype': name, ...headers });
}

export function after(milliseconds: number, fault: Fault): Fault {
  return async (socket, request) => {
    await delay(milliseconds, undefined, { ref: false });
    if (!socket.destroyed) await fault(socket, request);
  };
}

/** Never responds. */
export const hang: Fault = () => undefined;

/** Sends the head and half of the body, and then nothing more. */
export function stall(body: string): Fault {
  return (socket) => {
    const bytes = whole(200, body, {});
    socket.write(bytes.subarray(0, bytes.length - Math.ceil(body.length / 2)));
  };
}

/** Sends the body byte by byte. */
export function drip(body: string, everyMs: number): Fault {
  return (socket) => {
    const bytes = whole(200, body, {});
    let sent = bytes.length - body.length;
    socket.write(bytes.subarray(0, sent));
    const timer = setInterval(() => {
      if (sent < bytes.length) socket.write(bytes.subarray(sent, sent + 1));
      else clearInterval(timer);
      sent += 1;
    }, everyMs);
    socket.once('close', () => {
      clearInterval(timer);
    });
  };
}

/** Promises more than it sends, and ends the connection. */
export function cut(body: string): Fault {
  return (socket) =>
    void socket.end(head(200, { 'content-length': String(Buffer.byteLength(body) + 100) }) + body);
}

/** Ends the connection without a response. */
export const close: Fault = (socket) => void socket.end();

export const reset: Fault = (socket) => void socket.resetAndDestroy();

/** Sends these bytes, whatever they are, and resets the connection. */
export function resetAfter(bytes: string): Fault {
  return (socket) => void socket.write(bytes, () => socket.resetAndDestroy());
}

/** Sends these bytes, whatever they are, and ends the connection. */
export function raw(bytes: string): Fault {
  return (socket) => void socket.end(bytes);
}
