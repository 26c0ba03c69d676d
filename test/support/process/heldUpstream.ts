import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A HealthImaging whose searches are answered when a test says so, with no rows. */
export interface HeldUpstream {
  /** For a gateway that stands before it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Resolves when this many searches wait for their response. */
  waiting(count: number): Promise<void>;
  /** Responds to all that wait, and from now on to others at once: on a busy machine a try times out and is made again. */
  respond(): void;
  close(): void;
}

export async function startHeldUpstream(): Promise<HeldUpstream> {
  const held: (() => void)[] = [];
  let isHeld = true;
  const upstream = createServer((request, response) => {
    request.resume();
    const respond = () => {
      response.setHeader('content-type', 'application/json').end('{"imageSetsMetadataSummaries":[]}');
    };
    if (request.method === 'GET') response.end('{}');
    else if (isHeld) held.push(respond);
    else respond();
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  return {
    settings: {
      HEALTHIMAGING_DATASTORE_IDS: 'a'.repeat(32),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_MEDICAL_IMAGING: `http://127.0.0.1:${port}`,
    },
    async waiting(count) {
      while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    respond() {
      isHeld = false;
      for (const respond of held) respond();
    },
    close() {
      upstream.close();
      upstream.closeAllConnections();
    },
  };
}
