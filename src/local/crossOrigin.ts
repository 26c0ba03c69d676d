import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the pages of other origins may read of an answer besides its body. */
const exposed = 'x-amzn-errortype, x-amzn-requestid, content-encoding, retry-after';

/** Requests from pages of other origins (CORS, in the Fetch standard), which browsers do not let through otherwise. */
export interface CrossOrigin {
  allows(origin: string): boolean;
  /**
   * Sets the headers of an answer to a page of an origin that is allowed.
   * @returns true for a preflight, which is answered by this alone
   */
  prepare(request: IncomingMessage, response: ServerResponse): boolean;
}

/** @param origins such as `http://localhost:3000`, exactly as browsers send them */
export function createCrossOrigin(origins: readonly string[]): CrossOrigin {
  const allows = (origin: string) => origins.includes(origin);
  return {
    allows,
    prepare({ method, headers }, response) {
      if (origins.length === 0) return false;
      response.setHeader('vary', 'origin');
      const { origin } = headers;
      if (origin === undefined || !allows(origin)) return false;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposed);
      if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
      // What SDKs sign and count with: others do not make a request more dangerous here.
      response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '');
      response.setHeader('access-control-max-age', '600');
      response.writeHead(204).end();
      return true;
    },
  };
}
