import { createHmac, createPublicKey, type JsonWebKey, randomUUID } from 'node:crypto';
import { findTask, Problem } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aForgedToken, aSigningKey, aToken, secondsFromNow, someClaims } from './tokens.js';
import { aTask } from './views.js';

describe('access to the API', () => {
  let gateway: TestGateway;
  const path = `/generate/${randomUUID()}`;
  const get = (authorization?: string) => {
    const call = gateway.http.get(path);
    return authorization === undefined ? call : call.set('authorization', authorization);
  };

  beforeAll(async () => {
    gateway = await aGateway();
    gateway.task.answer(findTask, async ({ task_id, owner_id }) => {
      if (owner_id !== gateway.accountId) throw new Problem('not_found', 'No such task');
      return aTask({ task_id });
    });
  });
  afterAll(() => gateway.stop());

  it('is open to the account of a valid token', async () => {
    expect(await get(gateway.bearer)).toMatchObject({ status: 200 });
  });

  it("answers someone else's task as a missing one", async () => {
    const { body } = await get(`Bearer ${aToken({ key: gateway.key })}`).expect(404);
    expect(body).toMatchObject({ code: 'not_found', status: 404 });
  });

  it.each([undefined, '', 'Basic YTpi', 'token abc'])('asks for a token instead of %j', async (authorization) => {
    const answer = await get(authorization).expect(401).expect('content-type', 'application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="lathe"');
    expect(answer.body).toMatchObject({ code: 'authentication_required' });
  });

  const claims = () => someClaims(gateway.accountId);
  const header = () => ({ alg: 'ES256', typ: 'at+jwt', kid: gateway.key.published.kid });
  const pem = () =>
    createPublicKey({ key: { ...gateway.key.published } as JsonWebKey, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
  const hmac = (signed: string) => createHmac('sha256', pem()).update(signed).digest('base64url');
  const other = aSigningKey();

  it.each([
    ['without a signature, alg none', () => aForgedToken({ ...header(), alg: 'none' }, claims(), () => '')],
    ['signed with the public key as an HMAC secret', () => aForgedToken({ ...header(), alg: 'HS256' }, claims(), hmac)],
    ['claiming ES256 over an HMAC', () => aForgedToken(header(), claims(), hmac)],
    ['with a signature of zeros', () => aForgedToken(header(), claims(), () => Buffer.alloc(64).toString('base64url'))],
    [
      'signed with another key under our key id',
      () => aToken({ key: { ...gateway.key, privateKey: other.privateKey } }),
    ],
    ['signed with a key we do not know', () => aToken({ key: other })],
    ['without a key id', () => aToken({ key: gateway.key, header: { kid: undefined } })],
    ['with its own key in the header', () => aToken({ key: other, header: { jwk: other.published } as never })],
    ['of another type', () => aToken({ key: gateway.key, header: { typ: 'JWT' } })],
    ['for another audience', () => aToken({ key: gateway.key, claims: { aud: 'elsewhere' } })],
    ['of another issuer', () => aToken({ key: gateway.key, claims: { iss: 'elsewhere' } })],
    ['that has expired', () => aToken({ key: gateway.key, claims: { exp: secondsFromNow(-60) } })],
    ['that never expires', () => aToken({ key: gateway.key, claims: { exp: undefined } })],
    ['that is not valid yet', () => aToken({ key: gateway.key, claims: { nbf: secondsFromNow(60) } })],
    ['of nobody', () => aToken({ key: gateway.key, claims: { sub: 'root' } })],
    ['of no session', () => aToken({ key: gateway.key, claims: { sid: undefined } })],
    ['that is no token', () => 'abc'],
  ])('refuses a token %s', async (_, token) => {
    const answer = await get(`Bearer ${token()}`).expect(401).expect('content-type', 'application/problem+json');
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer realm="lathe", error="invalid_token", error_description="/,
    );
    expect(answer.body).toMatchObject({ code: 'invalid_token', status: 401 });
  });

  it('fetches nothing from an address that a token names', async () => {
    gateway.store.downloads.length = 0;
    const address = gateway.store.urlOf('keys');
    for (const naming of [{ jku: address }, { x5u: address }, { jku: address, kid: undefined }]) {
      const token = aToken({ key: other, header: naming });
      expect((await get(`Bearer ${token}`).expect(401)).body).toMatchObject({ code: 'invalid_token' });
    }
    expect(gateway.store.downloads).toEqual([]);
  });

  it('says of an expired token that it has expired', async () => {
    const { body } = await get(`Bearer ${aToken({ key: gateway.key, claims: { exp: secondsFromNow(-60) } })}`);
    expect(body).toMatchObject({ detail: 'The access token has expired' });
  });

  it('publishes the keys that tokens are verified with, for caches too', async () => {
    const { body, headers } = await gateway.http.get('/.well-known/jwks.json').expect(200);
    expect(body).toEqual({ keys: [gateway.key.published] });
    expect(headers['cache-control']).toBe('public, max-age=300');
  });
});
