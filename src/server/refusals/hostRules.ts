import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { GatewayError } from '../../errors.ts';
import { isLoopback } from '../../loopback.ts';
import { httpRefusal } from './httpRefusals.ts';
import { refuse } from './refusal.ts';

export interface HostRules {
  /** Where the server listens. */
  readonly host: string;
  /** Names that are taken as Host besides. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may read responses. */
  readonly corsOrigins: readonly string[];
  /** Whether every request of the graph needs an access token. */
  readonly isAuthenticated: boolean;
}

/**
 * Refuses requests by their Host and Origin, before anything else. A page of any site can have its own name resolved to
 * 127.0.0.1 (DNS rebinding), and then read what a server on loopback answers without a token: it cannot make the browser
 * send another name as Host.
 */
export function addHostRules(server: FastifyInstance, rules: HostRules): void {
  const { allowedHosts, corsOrigins } = rules;
  const isOnLoopback = isLoopback(rules.host);
  const isOpen = allowedHosts.length === 0 && (rules.isAuthenticated || !isOnLoopback);
  const isAllowed = (name: string) =>
    isOpen || allowedHosts.includes(name) || (isOnLoopback && isLoopbackName(name));

  server.addHook('onRequest', async ({ raw }, reply) => {
    const host = hostOf(raw);
    if (host === undefined) return refuse(reply, noHost(), 400);
    if (host !== null && !isAllowed(host)) return refuse(reply, httpRefusal(421), 421);
    const { origin } = raw.headers;
    if (isOpen || origin === undefined || corsOrigins.includes(origin)) return undefined;
    const name = host === null ? undefined : nameOf(webHostOf(origin));
    return name !== undefined && isAllowed(name) ? undefined : refuse(reply, httpRefusal(403), 403);
  });
}

/**
 * The name in the Host header (RFC 9112, section 3.2); null where there is none, which HTTP/1.0 allows: load balancers and
 * monitors check so. Undefined where it is none, or given twice. Not that of a proxy: what is in X-Forwarded-Host is no
 * promise of the browser's.
 */
function hostOf({ rawHeaders, httpVersion, headers, url }: IncomingMessage): string | null | undefined {
  const given = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (given.length > 1) return undefined;
  // RFC 9112, section 3.2.2: the target's own host counts.
  if (/^https?:/i.test(url ?? '')) return nameOf(webHostOf(url ?? ''));
  if (headers.host !== undefined) return nameOf(headers.host);
  if (httpVersion !== '1.0') return undefined;
  // Apollo Server parses the URL with it.
  headers.host = 'localhost';
  return null;
}

/** Empty where the text is no URL of HTTP. */
function webHostOf(text: string): string {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.host : '';
}

function noHost(): GatewayError {
  return new GatewayError('BAD_REQUEST', { message: 'Expected one Host header, with the name of a host.' });
}

const hostForm = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d*)?$/i;

/** A host without its port, as URLs have it: in lower case, addresses in one form, without the dot of the root. */
function nameOf(host: string): string | undefined {
  if (!hostForm.test(host)) return undefined;
  return URL.parse(`http://${host}/`)?.hostname.replace(/\.$/, '');
}

function isLoopbackName(name: string): boolean {
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1')) || name.endsWith('.localhost') || isMapped(name);
}

/** IPv4 loopback as an IPv6 address. */
function isMapped(name: string): boolean {
  return /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(name);
}
