import { once } from 'node:events';
import { createServer } from 'node:net';

import { systemErrorCode } from '../../errors.ts';

/** Where a command is to listen, and which flag or setting says so. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly portSetting: '--port' | 'PORT';
}

/** An address that cannot be listened on. The message names the setting and what is expected. */
export class AddressError extends Error {
  constructor({ host, port, portSetting }: Address, cause: unknown) {
    super(
      systemErrorCode(cause) === 'EADDRINUSE'
        ? `${portSetting}: expected a port that is free; another process listens on port ${port} of ${host}. ` +
            `Choose another with ${portSetting === 'PORT' ? '--port N or PORT=N' : '--port N'}; 0 takes a free one.`
        : `HOST and ${portSetting}: expected an address of this machine that this user may listen on; port ${port} of ${host} is none.`,
      { cause },
    );
    this.name = 'AddressError';
  }
}

/**
 * Tries the address before anything is loaded: an import of an hour should not end with a port that is taken.
 * @throws {AddressError}
 */
export async function tryAddress(address: Address): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ port: address.port, host: address.host }), 'listening');
  } catch (error) {
    throw new AddressError(address, error);
  }
  await new Promise((resolve) => server.close(resolve));
}

/** @throws {AddressError} where another process has taken the address since it was tried */
export async function listeningOn<Result>(address: Address, listen: () => Promise<Result>): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const isAddress = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    throw isAddress ? new AddressError(address, error) : error;
  }
}
