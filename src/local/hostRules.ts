import type { IncomingMessage } from 'node:http';

import { ServiceError } from './serviceError.ts';

/**
 * Refuses requests for another Host, or from a page of another Origin, than this machine. There is no authentication, and a
 * page of any site can have its own name resolved to 127.0.0.1 (DNS rebinding) to read what is answered here.
 * @param allowedHosts names that are taken besides
 * @param allowsOrigin whether pages of an origin may ask, wherever they are from
 * @throws {ServiceError} AccessDeniedException
 */
export function demandOwnHost(
  { headers, rawHeaders }: IncomingMessage,
  allowedHosts: readonly string[],
  allowsOrigin: (origin: string) => boolean = () => false,
): void {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const isOwn = (host: string) => {
    // SDKs put `runtime-` before the host for some of the operations.
    const name = URL.parse(`http://${host.replace(/^runtime-/, '')}/`)?.hostname.replace(/\.$/, '') ?? '';
    return allowedHosts.includes(name) || isLoopbackName(name);
  };
  const { host, origin } = headers;
  if (hosts.length > 1 || (host !== undefined && !isOwn(host))) {
    throw new ServiceError('AccessDeniedException', 'Expected the Host header to name this machine.');
  }
  if (origin !== undefined && allowsOrigin(origin)) return;
  if (origin !== undefined && (host === undefined || !isOwn(URL.parse(origin)?.host ?? ''))) {
    throw new ServiceError(
      'AccessDeniedException',
      'Expected no Origin header, or that of a page of this machine.',
    );
  }
}

function isLoopbackName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name) ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(name)
  );
}

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return isLoopbackName(address.includes(':') ? `[${address}]` : address);
}
