import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import jwt, { type JwtPayload, type SignOptions } from 'jsonwebtoken';
import { readKeySet, refreshSession, registerAccount, tokenAlgorithm, tokenAudience, tokenIssuer } from '#contracts';
import { unseal } from '../src/signing-keys/seal.js';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers, testSecret } from './auth-service.js';

let auth: AuthServers;
let publicKey: KeyObject;
let kid: string;

beforeAll(async () => {
  auth = await authServers();
  await auth.start({ ACCESS_TOKEN_SECONDS: 60 });
  const { keys } = await auth.rpc.call(readKeySet, {});
  kid = keys[0]!.kid;
  publicKey = createPublicKey({ key: { ...keys[0]! }, format: 'jwk' });
}, 60_000);
afterAll(() => auth.drop());

/** As a verifier does that has nothing but the published key set. */
const verify = (token: string, clockTimestamp?: number): JwtPayload =>
  jwt.verify(token, publicKey, {
    algorithms: [tokenAlgorithm],
    issuer: tokenIssuer,
    audience: tokenAudience,
    clockTimestamp,
  }) as JwtPayload;

const claims = { iss: tokenIssuer, aud: tokenAudience, sub: 'someone', sid: 'some session' };
const now = Math.floor(Date.now() / 1000);
const forged = (key: jwt.Secret | KeyObject, options: SignOptions, about: object = {}): string =>
  jwt.sign({ ...claims, exp: now + 60, ...about }, key, {
    ...options,
    header: { alg: 'ES256', typ: 'at+jwt', kid, ...options.header },
  });

describe('the key set', () => {
  it('shows one public key and nothing private', async () => {
    expect(await auth.rpc.call(readKeySet, {})).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.stringMatching(/^[\w-]{43}$/),
          y: expect.stringMatching(/^[\w-]{43}$/),
          kid: expect.stringMatching(/^[\w-]{43}$/),
          use: 'sig',
          alg: 'ES256',
        },
      ],
    });
  });
});

describe('an access token', () => {
  it('is good for the account and the session it was issued for, also after a refresh', async () => {
    const { user, access_token, refresh_token } = await auth.rpc.call(registerAccount, anAccount());
    const first = verify(access_token);
    expect(first).toMatchObject({ sub: user.id, sid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(first.exp! - first.iat!).toBe(60);
    expect(jwt.decode(access_token, { complete: true })!.header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid });
    const second = verify((await auth.rpc.call(refreshSession, { refresh_token, client: aClient() })).access_token);
    expect(second).toMatchObject({ sub: user.id, sid: first.sid });
    expect(second.jti).not.toBe(first.jti);
  });

  it('is refused after its time', async () => {
    const { access_token } = await auth.rpc.call(registerAccount, anAccount());
    const { exp } = verify(access_token);
    expect(verify(access_token, exp! - 1).exp).toBe(exp);
    expect(() => verify(access_token, exp)).toThrow('jwt expired');
  });

  it('is refused when one character of it was changed', async () => {
    const { access_token } = await auth.rpc.call(registerAccount, anAccount());
    const [header, payload, signature] = access_token.split('.') as [string, string, string];
    const other = Buffer.from(payload, 'base64url')
      .toString()
      .replace(/"sub":"./, '"sub":"z');
    expect(() => verify([header, Buffer.from(other).toString('base64url'), signature].join('.'))).toThrow(
      'invalid signature',
    );
    const flipped = signature.startsWith('A') ? 'B' : 'A';
    expect(() => verify([header, payload, flipped + signature.slice(1)].join('.'))).toThrow('invalid signature');
  });
});

describe('a token of our own key is refused', () => {
  let privateKey: KeyObject;

  beforeAll(async () => {
    const [row] = await auth
      .database()
      .query<{ sealed: Buffer }[]>('SELECT sealed_private_key AS sealed FROM signing_keys');
    privateKey = createPrivateKey({ key: unseal(row!.sealed, testSecret, kid), format: 'der', type: 'pkcs8' });
  });

  it.each([
    ['for another audience', { aud: 'another-api' }, 'jwt audience invalid'],
    ['from another issuer', { iss: 'another' }, 'jwt issuer invalid'],
    ['from a minute ago', { exp: now - 1 }, 'jwt expired'],
    ['for later', { nbf: now + 600 }, 'jwt not active'],
  ])('%s', (_, about, reason) => {
    const token = forged(privateKey, { algorithm: 'ES256' }, about);
    expect(() => verify(token)).toThrow(reason);
  });

  it('never otherwise', () => {
    expect(verify(forged(privateKey, { algorithm: 'ES256' }))).toMatchObject(claims);
  });
});

describe('a forged token is refused', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('without a signature', () => {
    const token = forged('', { algorithm: 'none', header: { alg: 'none' } });
    expect(() => verify(token)).toThrow('jwt signature is required');
  });

  it('signed with the public key as a shared secret', () => {
    const pem = publicKey.export({ format: 'pem', type: 'spki' });
    const token = forged(Buffer.from(pem), { algorithm: 'HS256', header: { alg: 'HS256' } });
    expect(() => verify(token)).toThrow('invalid algorithm');
  });

  it('signed with another key under our name', () => {
    expect(() => verify(forged(stranger.privateKey, { algorithm: 'ES256' }))).toThrow('invalid signature');
  });

  it('signed with a key that it brings along', () => {
    const header = { alg: 'ES256', jwk: stranger.publicKey.export({ format: 'jwk' }) };
    expect(() => verify(forged(stranger.privateKey, { algorithm: 'ES256', header }))).toThrow('invalid signature');
  });
});
