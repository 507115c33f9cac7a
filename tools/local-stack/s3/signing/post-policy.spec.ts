import { exampleAccount } from './aws-examples.js';
import { permitOf } from './post-policy.js';
import { policySignature, signingKey } from './signature.js';

const scope = { day: '20151229', region: 'us-east-1' };
const credential = `${exampleAccount.accessKey}/20151229/us-east-1/s3/aws4_request`;
const key = signingKey(exampleAccount.secretKey, scope);
const beforeMs = Date.UTC(2015, 11, 30, 11);

/** A signed form; say only which conditions the test is about. */
function aForm(conditions: unknown[], more: Record<string, string> = {}, expiration = '2015-12-30T12:00:00.000Z') {
  const always = [{ bucket: 'models' }, { 'x-amz-credential': credential }, { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' }];
  const document = { expiration, conditions: [...always, ...conditions] };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const signature = policySignature(key, policy);
  const carried = { policy, 'x-amz-signature': signature, 'x-amz-credential': credential };
  const fields = { ...carried, 'x-amz-algorithm': 'AWS4-HMAC-SHA256', key: 'a/fox.glb', ...more };
  return { bucket: 'models', filename: 'fox.glb', fields: new Map(Object.entries(fields)) };
}

const permit = (form: ReturnType<typeof aForm>, nowMs = beforeMs) => permitOf(form, exampleAccount, nowMs);
const refused = (code: string) => expect.objectContaining({ code });

describe('a POST policy', () => {
  it('is signed as in the example of AWS', () => {
    /** "Example: Browser-Based Upload using HTTP POST", with the line ends it was published with. */
    const lines = [
      '{ "expiration": "2015-12-30T12:00:00.000Z",',
      '  "conditions": [',
      '    {"bucket": "sigv4examplebucket"},',
      '    ["starts-with", "$key", "user/user1/"],',
      '    {"acl": "public-read"},',
      '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
      '    ["starts-with", "$Content-Type", "image/"],',
      '    {"x-amz-meta-uuid": "14365123651274"},',
      '    {"x-amz-server-side-encryption": "AES256"},',
      '    ["starts-with", "$x-amz-meta-tag", ""],',
      '',
      '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
      '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
      '    {"x-amz-date": "20151229T000000Z" }',
      '  ]',
      '}',
    ];
    const policy = Buffer.from(lines.join('\r\n')).toString('base64');
    expect(policySignature(key, policy)).toBe('8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e');
  });

  it('permits what it describes', () => {
    const form = aForm([
      ['starts-with', '$key', 'a/'],
      ['content-length-range', 1, 10],
    ]);
    expect(permit(form)).toEqual({ key: 'a/fox.glb', minSize: 1, maxSize: 10 });
  });

  it('puts the name of the file into the key', () => {
    const form = aForm([['starts-with', '$key', 'a/']], { key: 'a/${filename}' });
    expect(permit(form).key).toBe('a/fox.glb');
  });

  it('takes the narrowest of several ranges', () => {
    const form = aForm([{ key: 'a/fox.glb' }, ['content-length-range', 1, 10], ['content-length-range', 5, 20]]);
    expect(permit(form)).toMatchObject({ minSize: 5, maxSize: 10 });
  });

  it('ends with its expiration', () => {
    const form = aForm([{ key: 'a/fox.glb' }]);
    expect(() => permit(form, Date.UTC(2015, 11, 30, 12))).toThrow(refused('AccessDenied'));
  });

  it.each([
    ['a key it does not allow', [['starts-with', '$key', 'b/']], {}],
    ['a value it does not allow', [{ key: 'a/fox.glb' }, ['eq', '$Content-Type', 'a/b']], { 'content-type': 'a/c' }],
    ['a field it does not mention', [{ key: 'a/fox.glb' }], { 'content-type': 'text/html' }],
    ['a key it does not mention', [], {}],
  ])('refuses %s', (_what, conditions, more) => {
    expect(() => permit(aForm(conditions, more))).toThrow(refused('AccessDenied'));
  });

  it('refuses another bucket', () => {
    const form = { ...aForm([{ key: 'a/fox.glb' }]), bucket: 'other' };
    expect(() => permit(form)).toThrow(refused('AccessDenied'));
  });

  it('refuses what somebody else signed', () => {
    const forged = aForm([{ key: 'a/fox.glb' }], { 'x-amz-signature': '0'.repeat(64) });
    expect(() => permit(forged)).toThrow(refused('SignatureDoesNotMatch'));
    const stranger = aForm([{ key: 'a/fox.glb' }], { 'x-amz-credential': credential.replace('AKIA', 'AKIB') });
    expect(() => permit(stranger)).toThrow(refused('InvalidAccessKeyId'));
  });

  it.each([[['matches', '$key', 'a']], [['eq', '$key']], [['content-length-range', 'a', 'b']]])(
    'refuses a condition it does not know: %j',
    (...condition) => {
      expect(() => permit(aForm([{ key: 'a/fox.glb' }, ...condition]))).toThrow(refused('InvalidPolicyDocument'));
    },
  );

  it('refuses a policy without an end', () => {
    expect(() => permit(aForm([{ key: 'a/fox.glb' }], {}, 'never'))).toThrow(refused('AccessDenied'));
  });
});
