import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';

import { isError } from '../errors.ts';
import { errorNames } from './errorNames.ts';

const mostCauses = 5;
const mostFrames = 8;

/**
 * What a log may say of an error: its class, its code, where it was made, and the same of its causes. Never its message,
 * which may quote a request or a response.
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
 * The error's name where it is known, otherwise the name of its class, which stands in the code. The class is taken from
 * the prototype, not from `error.constructor`: the SDK copies the members of a response's body to the exception that it
 * makes of it, and `constructor` may be one of them.
 */
function typeOf(error: Error): string {
  const { name } = error;
  if (errorNames.has(name)) return name;
  const prototype = Object.getPrototypeOf(error) as Error | null;
  const made: unknown = prototype?.constructor;
  return typeof made === 'function' && /^\w{1,60}$/.test(made.name) ? made.name : 'Error';
}

/** Undefined for the errors that the SDK makes of a response: any of their members may be the response's. */
function codeOf(error: Error): string | undefined {
  if ('$metadata' in error || '$fault' in error || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^(?=.{1,60}$)[A-Z][A-Z\d]*(_\w+)?$/.test(code) ? code : undefined;
}

/**
 * The places of a stack, without the names of functions. A stack begins with the message, whose lines may look like
 * frames: so only modules of Node.js count, and files that exist in this package or in one that it uses.
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
/** Paths of the files that exist, by location: no more than there are modules that threw. */
const known = new Map<string, string>();

/** The path below the package's folder, or from `node_modules` on; undefined where there is no such file. */
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
