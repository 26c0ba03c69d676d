import { loadConfig } from '../../../../src/config/config.ts';
import { createGateway } from '../../../../src/gateway.ts';
import { createLog } from '../../../../src/log/log.ts';
import { datastoreId } from '../../../support/upstream/fakeHealthImaging.ts';

/** The gateway as it stands before AWS, but for the account's rates. */
export async function start(endpoint: string): Promise<string> {
  const unlimited = { HEALTHIMAGING_SEARCH_RATE: 'unlimited' };
  const gateway = await createGateway({
    config: loadConfig({ ...process.env, PORT: '0', AUDIT: 'off', ...unlimited }),
    upstream: { datastoreIds: [datastoreId], region: 'us-east-1', endpoint, embedded: false },
    log: createLog({ level: 'silent', readable: false }),
  });
  return gateway.url;
}
