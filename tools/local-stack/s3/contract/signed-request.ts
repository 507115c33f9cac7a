import { request as httpRequest } from 'node:http';
import { requestSignature, sha256Hex, signingKey, type Signer } from '../signing/signature.js';
import { parseTarget } from '../uri.js';
import type { Subject } from './subject.js';

/** A request written by hand, for what no client library would send. */
export interface RawRequest {
  method: string;
  /** Sent exactly so: neither encoded nor normalised. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What came back. */
export interface RawReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Signs a request as a client does. `payload` is the promise about the body, by default true. */
export function signed(
  { endpoint, credentials }: Pick<Subject, 'endpoint' | 'credentials'>,
  raw: RawRequest,
  payload = sha256Hex(raw.body ?? ''),
): RawRequest & { signer: Signer; signature: string } {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = { day: timestamp.slice(0, 8), region: 'us-east-1' };
  const signer = { key: signingKey(credentials.secretKey, scope), scope, timestamp };
  const headers = { ...raw.headers, host: endpoint.host, 'x-amz-content-sha256': payload, 'x-amz-date': timestamp };
  const names = Object.keys(headers).toSorted();
  const signature = requestSignature(signer, {
    method: raw.method,
    target: parseTarget(raw.path),
    headers: names.map((name) => [name, headers[name as keyof typeof headers]]),
    payload,
  });
  const credential = `${credentials.accessKey}/${scope.day}/${scope.region}/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...raw, headers: { ...headers, authorization }, signer, signature };
}

/** Sends a request as it is. */
export function send(endpoint: URL, { method, path, headers, body = '' }: RawRequest): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = endpoint;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = httpRequest({ hostname, port, method, path, headers: { ...length, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
