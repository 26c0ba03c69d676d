import type { FastifyInstance } from 'fastify';

/**
 * Listens, and gives the URL: `http://host:port`, with the port that was taken where 0 was asked for.
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(
  server: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  await server.listen({ host, port });
  const address = server.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}
