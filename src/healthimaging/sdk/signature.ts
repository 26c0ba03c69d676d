import { hash } from 'node:crypto';

import { hmac, hmacKey, type HmacKey } from '../../hmac.ts';

export interface SigningPlace {
  readonly region: string;
  readonly service: string;
}

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  /** Of letters, digits, `/`, `.`, `_`, `~` and `-`: there is nothing in it to escape. */
  readonly path: string;
  /** Escaped, in the order of its names. */
  readonly query: string;
  readonly host: string;
  readonly contentType: string;
  readonly body: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

interface SigningKey {
  readonly date: string;
  readonly secretAccessKey: string;
  readonly key: HmacKey;
}

/**
 * Signs POST requests as AWS Signature Version 4 has it, with a signing key that is made once a day. The SDK's own signer takes
 * any request, and much longer; directSearch.test.ts holds the one against the other.
 * @returns the headers to send, by name
 */
export function createSigner({ region, service }: SigningPlace) {
  let known: SigningKey | undefined;
  const keyOf = ({ secretAccessKey }: SigningCredentials, date: string): HmacKey => {
    if (known?.date !== date || known.secretAccessKey !== secretAccessKey) {
      const scope = [date, region, service, 'aws4_request'];
      const key = scope.reduce(
        (above, part) => hmacKey(Buffer.from(hmac(above, Buffer.from(part)), 'latin1')),
        hmacKey(Buffer.from(`AWS4${secretAccessKey}`)),
      );
      known = { date, secretAccessKey, key };
    }
    return known.key;
  };

  return (request: UnsignedRequest, credentials: SigningCredentials, at: number): Record<string, string> => {
    const { path, query, host, contentType, body } = request;
    const time = new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const date = time.slice(0, 8);
    const contentHash = hash('sha256', body, 'hex');
    // In the order of their names.
    const headers: Record<string, string> = {
      'content-type': contentType,
      host,
      'x-amz-content-sha256': contentHash,
      'x-amz-date': time,
      ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${valueOf(value)}\n`);
    const canonical = ['POST', path, query, lines.join(''), names, contentHash].join('\n');
    const scope = `${date}/${region}/${service}/aws4_request`;
    const text = [algorithm, time, scope, hash('sha256', canonical, 'hex')].join('\n');
    const signature = Buffer.from(hmac(keyOf(credentials, date), Buffer.from(text)), 'latin1').toString(
      'hex',
    );
    headers['authorization'] =
      `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };
}

/** Of a header, as it is signed. */
function valueOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
