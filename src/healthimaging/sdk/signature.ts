import { createHmac, hash } from 'node:crypto';

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

/**
 * Signs POST requests as AWS Signature Version 4 has it, with a signing key that is made once a day. What the SDK's signer does
 * for any request takes thirty times as long; signature.test.ts holds the one against the other.
 * @returns the headers to send, by name
 */
export function createSigner({ region, service }: SigningPlace) {
  let key: { readonly of: SigningCredentials; readonly date: string; readonly bytes: Buffer } | undefined;
  const keyOf = (credentials: SigningCredentials, date: string): Buffer => {
    const isKnown =
      key?.date === date &&
      key.of.accessKeyId === credentials.accessKeyId &&
      key.of.secretAccessKey === credentials.secretAccessKey;
    if (!isKnown) key = { of: credentials, date, bytes: signingKey(credentials, date) };
    return key?.bytes ?? Buffer.alloc(0);
  };
  const signingKey = ({ secretAccessKey }: SigningCredentials, date: string): Buffer =>
    [date, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));

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
    const signature = hmac(keyOf(credentials, date), text).toString('hex');
    headers['authorization'] =
      `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Of a header, as it is signed. */
function valueOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
