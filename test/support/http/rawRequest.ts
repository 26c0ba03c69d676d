import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection without a client library, for what no library sends. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** The last answer on a connection, once the server has closed it. */
export async function answerOn(socket: Socket): Promise<RawAnswer> {
  const whole = await text(socket.on('error', () => undefined));
  const [head = '', body = ''] = whole.slice(whole.lastIndexOf('HTTP/1.1 ')).split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => [
        line.split(':', 1)[0]?.toLowerCase() ?? '',
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    ),
    body,
  };
}

/** Sends bytes as they are, and gives the answer. */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const socket = await openSocket(url);
  socket.write(request);
  return answerOn(socket);
}
