import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../errors.js';
import { parseTarget } from '../uri.js';
import { authenticate } from './authentication.js';
import { exampleAccount, exampleTimeMs, exampleTimestamp } from './aws-examples.js';
import { sha256Hex } from './signature.js';

const host = 'examplebucket.s3.amazonaws.com';
const credential = `${exampleAccount.accessKey}/20130524/us-east-1/s3/aws4_request`;

interface Example {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  payload?: string;
  signature: string;
}

/** The examples of "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk". */
const examples: Record<string, Example> = {
  'GET object': {
    method: 'GET',
    url: '/test.txt',
    headers: { range: 'bytes=0-9' },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  'PUT object': {
    method: 'PUT',
    url: '/test%24file.text',
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    payload: sha256Hex('Welcome to Amazon S3.'),
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  'GET lifecycle': {
    method: 'GET',
    url: '/?lifecycle',
    headers: {},
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  'list objects': {
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    headers: {},
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};

function requestOf({ method, url, headers, payload = sha256Hex(''), signature }: Example) {
  const all = { ...headers, host, 'x-amz-content-sha256': payload, 'x-amz-date': exampleTimestamp };
  const names = Object.keys(all).toSorted().join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`;
  return { method, target: parseTarget(url), headers: { ...all, authorization } };
}

const someRequest = () => requestOf(examples['list objects'] as Example);

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof S3Error ? error.code : String(error);
  }
}

const minutesLater = (minutes: number) =>
  codeOf(() => authenticate(someRequest(), exampleAccount, exampleTimeMs + minutes * 60_000));
const toAccount = (change: object) =>
  codeOf(() => authenticate(someRequest(), { ...exampleAccount, ...change }, exampleTimeMs));

describe('a signature in the Authorization header', () => {
  it.each(Object.entries(examples))('proves the example of AWS: %s', (_name, example) => {
    expect(authenticate(requestOf(example), exampleAccount, exampleTimeMs)).toMatchObject({
      signature: example.signature,
    });
  });

  it('may list its parts with spaces between', () => {
    const { headers, ...rest } = someRequest();
    const spaced = { ...headers, authorization: headers.authorization.replaceAll(',', ', ') };
    expect(codeOf(() => authenticate({ ...rest, headers: spaced }, exampleAccount, exampleTimeMs))).toBe('accepted');
  });

  it.each([
    ['method', { method: 'DELETE' }],
    ['path', { target: parseTarget('/other?max-keys=2&prefix=J') }],
    ['query', { target: parseTarget('/?max-keys=2&prefix=K') }],
  ])('does not prove another %s', (_name, change) => {
    const changed = { ...someRequest(), ...change };
    expect(codeOf(() => authenticate(changed, exampleAccount, exampleTimeMs))).toBe('SignatureDoesNotMatch');
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['SignatureDoesNotMatch', { 'x-amz-content-sha256': sha256Hex('other') }],
    ['SignatureDoesNotMatch', { 'x-amz-date': '20130524T000001Z' }],
    ['RequestTimeTooSkewed', { 'x-amz-date': '20130525T000000Z' }],
    ['AccessDenied', { 'x-amz-meta-added': 'later' }],
    ['AccessDenied', { 'x-amz-date': 'yesterday' }],
    ['AccessDenied', { authorization: undefined }],
    ['InvalidRequest', { 'x-amz-content-sha256': undefined }],
    ['AuthorizationHeaderMalformed', { authorization: 'AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl' }],
    ['AuthorizationHeaderMalformed', { authorization: `AWS4-HMAC-SHA256 Credential=${credential}` }],
  ])('is refused with %s after the change %j', (code, change) => {
    const request = someRequest();
    const changed = { ...request, headers: { ...request.headers, ...change } };
    expect(codeOf(() => authenticate(changed, exampleAccount, exampleTimeMs))).toBe(code);
  });

  it('is good for a quarter of an hour', () => {
    expect([minutesLater(-16), minutesLater(-14), minutesLater(14), minutesLater(16)]).toEqual([
      'RequestTimeTooSkewed',
      'accepted',
      'accepted',
      'RequestTimeTooSkewed',
    ]);
  });

  it('is good on the day of its key only', () => {
    const request = someRequest();
    const nextDay = { ...request, headers: { ...request.headers, 'x-amz-date': '20130525T000000Z' } };
    expect(codeOf(() => authenticate(nextDay, exampleAccount, Date.UTC(2013, 4, 25)))).toBe('SignatureDoesNotMatch');
  });

  it('is good for its account only', () => {
    expect(toAccount({ accessKey: 'OTHER' })).toBe('InvalidAccessKeyId');
    expect(toAccount({ secretKey: 'other' })).toBe('SignatureDoesNotMatch');
  });
});

describe('a presigned link', () => {
  /** The example of "Authenticating Requests: Using Query Parameters". */
  const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credential,
    'X-Amz-Date': exampleTimestamp,
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signature,
  };
  const open = (change: object, laterMs = 0) => {
    const target = parseTarget(`/test.txt?${new URLSearchParams({ ...query, ...change }).toString()}`);
    return codeOf(() =>
      authenticate({ method: 'GET', target, headers: { host } }, exampleAccount, exampleTimeMs + laterMs),
    );
  };

  it('proves the example of AWS', () => {
    expect(open({})).toBe('accepted');
  });

  it('is good from its time until it expires', () => {
    expect(open({}, 86_400_000)).toBe('accepted');
    expect(open({}, 86_400_001)).toBe('AccessDenied');
    expect(open({}, -16 * 60_000)).toBe('AccessDenied');
  });

  it.each([
    ['SignatureDoesNotMatch', { 'X-Amz-Signature': signature.replace('a', 'b') }],
    ['SignatureDoesNotMatch', { 'X-Amz-Expires': '86401' }],
    ['SignatureDoesNotMatch', { 'response-content-type': 'text/html' }],
    ['SignatureDoesNotMatch', { 'X-Amz-SignedHeaders': '' }],
    ['AuthorizationQueryParametersError', { 'X-Amz-Expires': '604801' }],
    ['AuthorizationQueryParametersError', { 'X-Amz-Expires': '-1' }],
    ['AuthorizationQueryParametersError', { 'X-Amz-Date': '2013-05-24' }],
    ['AuthorizationQueryParametersError', { 'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256' }],
    ['InvalidAccessKeyId', { 'X-Amz-Credential': credential.replace('AKIA', 'AKIB') }],
    ['SignatureDoesNotMatch', { 'X-Amz-Credential': credential.replace('s3', 'ec2') }],
  ])('is refused with %s after the change %j', (code, change) => {
    expect(open(change)).toBe(code);
  });
});
