import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';

import { isError } from '../errors.ts';
import { errorNames } from './errorNames.ts';

const mostCauses = 5;
const mostFrames = 8;

/**
 * What may be said of an error in a log: its class, its code, where it was made, and the same of its causes. Never its
 * message, which may quote a request or an answer.
 */
export function serializeError(error: unknown): Record<string, unknown> {
  return serialize(error, mostCauses);
}

function serialize(error: unknown, causes: number): Record<string, unknown> {
  if (!isError(error)) return { type: typeof error };
  const { cause, stack } = error;
  const code = codeOf(error);
  return {
    type: typeOf(error),
    ...(code !== undefined && { code }),
    ...(typeof stack === 'string' && { at: frames(stack) }),
    ...(cause !== undefined && causes > 0 && { cause: serialize(cause, causes - 1) }),
  };
}

/**
 * A name that is known, or else that of the class: it stands in the code. Not `error.constructor`: the SDK gives the
 * members of an answer's body to the exception that it makes of it, and JSON may have one of that name.
 */
function typeOf(error: Error): string {
  const { name } = error;
  if (errorNames.has(name)) return name;
  const prototype = Object.getPrototypeOf(error) as Error | null;
  const made: unknown = prototype?.constructor;
  return typeof made === 'function' && /^\w{1,60}$/.test(made.name) ? made.name : 'Error';
}

/** Of errors that the SDK made of an answer every member may be the answer's; all others have the code's own. */
function codeOf(error: Error): string | undefined {
  if ('$metadata' in error || '$fault' in error || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^(?=.{1,60}$)[A-Z][A-Z\d]*(_\w+)?$/.test(code) ? code : undefined;
}

/**
 * The places of a stack. It begins with the message, and a line of that can look like any frame: so a place is a module of
 * Node.js or a file that is there, of this package or of one it uses, and what a frame calls its function is left out.
 */
function frames(stack: string): string[] {
  return stack
    .split('\n')
    .map((line) => placeOf(line))
    .filter((place) => place !== undefined)
    .slice(0, mostFrames);
}

const frame =
  /^\s+at (?:.*[( ])?(node:[\w/]+|(?:file:\/\/)?\/[\w@.+/-]+\.[cm]?[jt]s):(\d{1,6}):(\d{1,6})\)?$/;

function placeOf(line: string): string | undefined {
  const [, location = '', row = '', column = ''] = frame.exec(line) ?? [];
  const place = location.startsWith('node:') ? isBuiltin(location) && location : ownPath(location);
  return typeof place === 'string' ? `${place}:${row}:${column}` : undefined;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const modules = '/node_modules/';
/** Files that are there, by location: as many as there are modules that ever threw. */
const known = new Map<string, string>();

/** The path below the package's folder, or from its own `node_modules` on. */
function ownPath(location: string): string | undefined {
  const found = known.get(location);
  if (found !== undefined) return found;
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  const ofModules = path.lastIndexOf(modules);
  const isOwn = path.startsWith(root) && ofModules < 0;
  if ((!isOwn && ofModules < 0) || path.includes('..') || !existsSync(path)) return undefined;
  const shown = isOwn ? path.slice(root.length) : path.slice(ofModules + 1);
  known.set(location, shown);
  return shown;
}
