import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { keySetChanged, readKeySet, refreshSession, registerAccount } from '#contracts';
import { eventually, StandIn } from '#testing';
import { KeyRotationService } from '../src/signing-keys/key-rotation.service.js';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;
let rotations: KeyRotationService[];
let listener: StandIn;

beforeEach(async () => {
  auth = await authServers();
  const settings = { SIGNING_KEY_LEAD_SECONDS: 5, ACCESS_TOKEN_SECONDS: 60 };
  const replicas = await Promise.all([auth.start(settings), auth.start(settings)]);
  rotations = replicas.map((replica) => replica.get(KeyRotationService));
  listener = await new StandIn(auth.brokerUrl, 'task').hear(keySetChanged).start();
}, 60_000);
afterEach(async () => {
  await listener.stop();
  await auth.drop();
});

const kidOf = (token: string) => jwt.decode(token, { complete: true })!.header.kid!;
const kids = async () => (await auth.rpc.call(readKeySet, {})).keys.map(({ kid }) => kid);
const aToken = async () => (await auth.rpc.call(registerAccount, anAccount())).access_token;
/** Moves all keys back in time. */
const pass = (interval: string) =>
  auth.database().query(`UPDATE signing_keys SET signs_from = signs_from - $1::interval`, [interval]);
const upkeep = () => Promise.all(rotations.map((rotation) => rotation.upkeep()));

/** As a verifier does that reads the key set when a token names a key it does not know. */
const verify = async (token: string) => {
  const key = (await auth.rpc.call(readKeySet, {})).keys.find(({ kid }) => kid === kidOf(token));
  if (!key) throw new Error('the token is of no published key');
  return jwt.verify(token, createPublicKey({ key: { ...key }, format: 'jwk' }), { algorithms: ['ES256'] });
};

describe('a new signing key', () => {
  it('is published before it signs, and announced', async () => {
    const [old] = await kids();
    const made = await rotations[0]!.rotate();
    expect(await kids()).toEqual([made, old]);
    expect(kidOf(await aToken())).toBe(old);
    await eventually(() => expect(listener.heardOf(keySetChanged)).toHaveLength(1));
  });

  it('takes over in every replica while tokens are asked for, and every one of them is good', async () => {
    const { refresh_token } = await auth.rpc.call(registerAccount, anAccount());
    const made = await rotations[0]!.rotate();
    let token = refresh_token;
    const signers = new Set<string>();
    const until = Date.now() + 9000;
    while (Date.now() < until) {
      const answer = await auth.rpc.call(refreshSession, { refresh_token: token, client: aClient() });
      await verify(answer.access_token);
      signers.add(kidOf(answer.access_token));
      token = answer.refresh_token;
    }
    expect(signers.size).toBe(2);
    const last = await Promise.all(Array.from({ length: 6 }, () => aToken()));
    expect(new Set(last.map(kidOf))).toEqual(new Set([made]));
  }, 30_000);

  it('is made when it is due, once, though every replica thinks of it', async () => {
    await upkeep();
    expect(await kids()).toHaveLength(1);
    await pass('30 days');
    await upkeep();
    expect(await kids()).toHaveLength(2);
    await upkeep();
    expect(await kids()).toHaveLength(2);
  });

  it('outlives the old one, which goes when no good token can be of it any more', async () => {
    const [old] = await kids();
    const made = await rotations[0]!.rotate();
    await pass('2 minutes');
    await upkeep();
    expect(await kids()).toEqual([made, old]);
    await pass('30 seconds');
    await upkeep();
    expect(await kids()).toEqual([made]);
    await eventually(() => expect(listener.heardOf(keySetChanged)).toHaveLength(2));
  });

  it('replaces all others at once when one got into wrong hands', async () => {
    const stolen = await aToken();
    const made = await rotations[1]!.replaceAll();
    expect(await kids()).toEqual([made]);
    await expect(verify(stolen)).rejects.toThrow('no published key');
    await eventually(async () => expect(kidOf(await aToken())).toBe(made), 10_000);
  });
});
