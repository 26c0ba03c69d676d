import type { DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';

type Line = Readonly<Record<string, unknown>>;

/** Lines for people: `[12:00:00.000] INFO: POST /graphql 200 12 ms query, request 1f0c...`. */
export function readableLines(destination: DestinationStream = process.stdout): DestinationStream {
  const readable = prettyFactory({ hideObject: true, messageFormat: readableLine });
  return { write: (line) => destination.write(readable(line)) };
}

/** pino-pretty prints them itself. */
const printed: ReadonlySet<string> = new Set(['level', 'time']);

function readableLine(line: Line): string {
  const { msg, ...members } = Object.fromEntries(Object.entries(line).filter(([name]) => !printed.has(name)));
  return 'method' in members ? requestLine(members) : `${String(msg)}${membersText(members)}`;
}

/** Without a route where there is nothing at the URL, which may hold anything. */
function requestLine(line: Line): string {
  const { method, route = '(no route)', status, milliseconds, operationType, operationName, ...rest } = line;
  const { errorCodes = [], requestId, ...members } = rest;
  const words = [method, route, status, milliseconds, 'ms', operationType, operationName, errorCodes].flat();
  const text = words.filter((word) => word !== undefined).map(String);
  return `${text.join(' ')}, request ${String(requestId)}${membersText(members)}`;
}

/** An error stands below, with a line for each place of its stack. */
function membersText({ err, error = err, ...members }: Line): string {
  const text = Object.keys(members).length > 0 ? ` ${JSON.stringify(members)}` : '';
  return error === undefined ? text : `${text}\n${JSON.stringify(error, undefined, 2)}`;
}
