import { createHash, randomUUID } from 'node:crypto';
import {
  apiKeyRevoked,
  createApiKey,
  isWellFormedApiKey,
  listApiKeys,
  type NewApiKey,
  registerAccount,
  revokeApiKey,
  verifyApiKey,
} from '#contracts';
import { eventually, StandIn } from '#testing';
import { anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';
import { race } from './race.js';

let auth: AuthServers;
let listener: StandIn;

beforeAll(async () => {
  auth = await authServers();
  await Promise.all([auth.start(), auth.start()]);
  listener = await new StandIn(auth.brokerUrl, 'task').hear(apiKeyRevoked).start();
}, 60_000);
afterAll(async () => {
  await listener.stop();
  await auth.drop();
});

const someone = async (): Promise<string> => (await auth.rpc.call(registerAccount, anAccount())).user.id;
const create = (account_id: string, about: Partial<NewApiKey> = {}) =>
  auth.rpc.call(createApiKey, { account_id, name: 'render farm', scopes: ['generate'], ...about });
const list = (account_id: string, limit = 100, cursor?: string) =>
  auth.rpc.call(listApiKeys, { account_id, limit, cursor });
const revoke = (account_id: string, key_id: string) => auth.rpc.call(revokeApiKey, { account_id, key_id });
const verify = (key: string) => auth.rpc.call(verifyApiKey, { sha256: createHash('sha256').update(key).digest('hex') });
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const expire = (id: string) =>
  auth.database().query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);

/** Makes up for the time that a key needs to be used and forgotten again. */
const usedBefore = (id: string, ago: string) =>
  auth.database().query('UPDATE api_keys SET last_used_at = now() - $2::interval WHERE id = $1', [id, ago]);

describe('an API key', () => {
  it('is shown once, and is worth what it was made for', async () => {
    const account_id = await someone();
    const expires_at = inAnHour();
    const { key, ...view } = await create(account_id, { scopes: ['files:read', 'generate'], expires_at });
    expect(isWellFormedApiKey(key)).toBe(true);
    expect(view).toMatchObject({ prefix: key.slice(0, 14), expires_at, last_used_at: null });
    expect(await list(account_id)).toEqual({ items: [view], next_cursor: null });
    expect(await verify(key)).toEqual({
      account_id,
      key_id: view.id,
      scopes: ['files:read', 'generate'],
      expires_at,
    });
  });

  it('is not in the database', async () => {
    const { key } = await create(await someone());
    const rows = JSON.stringify(await auth.database().query('SELECT * FROM api_keys'));
    expect(rows).not.toContain(key);
    expect(rows).not.toContain(key.slice(14));
  });

  it('that is unknown or has expired is no token', async () => {
    const { key, id } = await create(await someone(), { expires_at: inAnHour() });
    await verify(key);
    await expire(id);
    for (const refused of [key, `${key}x`]) {
      await expect(verify(refused)).rejects.toMatchObject({ code: 'invalid_token' });
    }
  });

  it('is not made for the past', async () => {
    const refused = create(await someone(), { expires_at: new Date().toISOString() });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer: '/expires_at', message: expect.any(String) }] },
    });
  });

  it('is not made for an account that has gone', async () => {
    await expect(create(randomUUID())).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

describe('the use of an API key', () => {
  it('is noted to the minute, however often and however many at once', async () => {
    const account_id = await someone();
    const { key, id } = await create(account_id);
    const uses = async () => {
      const grants = await Promise.all(Array.from({ length: 20 }, () => verify(key)));
      expect(grants).toHaveLength(20);
      return (await list(account_id)).items[0]!.last_used_at;
    };
    const first = await uses();
    expect(Date.now() - Date.parse(first!)).toBeLessThan(10_000);
    expect(await uses()).toBe(first);
    await usedBefore(id, '2 minutes');
    expect(Date.now() - Date.parse((await uses())!)).toBeLessThan(10_000);
  });

  it('does not wait for somebody who holds its row', async () => {
    const { key, id } = await create(await someone());
    const holder = auth.database().createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [id]);
    expect((await verify(key)).key_id).toBe(id);
    await holder.rollbackTransaction();
    await holder.release();
  });
});

describe('revoking an API key', () => {
  it('ends it at once, tells everybody, and happens once', async () => {
    const account_id = await someone();
    const { key, id } = await create(account_id);
    const { won, refused } = await race([revoke(account_id, id), revoke(account_id, id)]);
    expect([won, refused]).toEqual([[{}], ['not_found']]);
    await expect(verify(key)).rejects.toMatchObject({ code: 'invalid_token' });
    expect((await list(account_id)).items).toEqual([]);
    await eventually(() => expect(listener.heardOf(apiKeyRevoked)).toContainEqual({ key_id: id }));
  });

  it('of somebody else is the answer to one that is missing', async () => {
    const owner = await someone();
    const { key, id } = await create(owner);
    const [foreign, missing] = await Promise.allSettled([revoke(await someone(), id), revoke(owner, randomUUID())]);
    expect(foreign).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
    expect(JSON.stringify(foreign)).toBe(JSON.stringify(missing));
    expect((await verify(key)).key_id).toBe(id);
  });
});

describe('the list of API keys', () => {
  it("is newest first, page by page, and nobody else's", async () => {
    const account_id = await someone();
    const made: string[] = [];
    for (let number = 0; number < 5; number++) made.unshift((await create(account_id, { name: `key ${number}` })).id);
    await create(await someone());
    const first = await list(account_id, 2);
    const second = await list(account_id, 2, first.next_cursor!);
    const third = await list(account_id, 2, second.next_cursor!);
    const pages = [first, second, third].map(({ items }) => items.map(({ id }) => id));
    expect(pages.flat()).toEqual(made);
    expect(third.next_cursor).toBeNull();
  });

  it('refuses a cursor that it never gave', async () => {
    await expect(list(await someone(), 2, 'bm90aGluZw')).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer: '/cursor', message: expect.any(String) }] },
    });
  });
});

describe('the fifty-first API key', () => {
  it('is refused, also when sixty are asked for at once on two replicas', async () => {
    const account_id = await someone();
    const { won, refused } = await race(Array.from({ length: 60 }, () => create(account_id)));
    expect(won).toHaveLength(50);
    expect(refused).toEqual(Array.from({ length: 10 }, () => 'too_many_api_keys'));
    await revoke(account_id, won[0]!.id);
    await create(account_id);
    await expect(create(account_id)).rejects.toMatchObject({ code: 'too_many_api_keys' });
  }, 120_000);

  it('takes the place of one that has expired', async () => {
    const account_id = await someone();
    const made = await Promise.all(Array.from({ length: 50 }, () => create(account_id)));
    await expire(made[0]!.id);
    await create(account_id);
    const ids = (await list(account_id)).items.map(({ id }) => id);
    expect(ids).toHaveLength(50);
    expect(ids).not.toContain(made[0]!.id);
  }, 120_000);
});
