import { createHash, randomUUID } from 'node:crypto';
import {
  accountErased,
  apiKeyRevoked,
  createApiKey,
  type CreatedApiKey,
  findTask,
  listApiKeys,
  Problem,
  revokeApiKey,
  verifyApiKey,
} from '#contracts';
import { eventually } from '#testing';
import { ApiKeyGrantsService } from '../src/api-keys/api-key-grants.service.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { KnownKeys } from './known-keys.js';
import { aTask } from './views.js';

describe('an API key', () => {
  let gateway: TestGateway;
  let keys: KnownKeys;
  beforeAll(async () => {
    gateway = await aGateway();
    gateway.task.answer(findTask, async ({ task_id, owner_id }) => aTask({ task_id, prompt: owner_id }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    keys = new KnownKeys(gateway.auth);
  });

  const call = (bearer: string) => gateway.http.get(`/generate/${randomUUID()}`).set('authorization', bearer);
  const expectRefused = async (bearer: string): Promise<void> => {
    const { body, headers } = await call(bearer).expect(401);
    expect(body).toMatchObject({ code: 'invalid_token' });
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="lathe", error="invalid_token"/);
  };

  it('acts for its account, and only its hash is asked about', async () => {
    const { bearer, key, grant } = keys.add({ scopes: ['generate'] });
    const { body } = await call(bearer).expect(200);
    expect(body).toMatchObject({ prompt: grant.account_id });
    expect(keys.asked).toEqual([{ sha256: createHash('sha256').update(key).digest('hex') }]);
  });

  it('is asked about once, by however many first uses at the same time', async () => {
    const { bearer } = keys.add({ scopes: ['generate'] });
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(bearer)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(keys.asked).toHaveLength(1);
  });

  it('that is made up is asked about once in a while', async () => {
    const { bearer, grant } = keys.add({ scopes: ['generate'] });
    keys.revoke(grant.key_id);
    for (let tries = 0; tries < 5; tries++) await expectRefused(bearer);
    expect(keys.asked).toHaveLength(1);
  });

  it('with a wrong checksum, or of another form, is refused without asking anybody', async () => {
    const { bearer } = keys.add({ scopes: ['generate'] });
    const wrong = `${bearer.slice(0, -1)}${bearer.endsWith('0') ? '1' : '0'}`;
    for (const value of [wrong, `${bearer}0`, 'Bearer lathe_', 'bearer lathe_abc']) await expectRefused(value);
    expect(keys.asked).toEqual([]);
  });

  it('is refused soon after its revocation', async () => {
    const { bearer, grant } = keys.add({ scopes: ['generate'] });
    const other = keys.add({ scopes: ['generate'] });
    for (const one of [bearer, other.bearer]) await call(one).expect(200);
    keys.revoke(grant.key_id);
    await gateway.auth.announce(apiKeyRevoked, { key_id: grant.key_id });
    await eventually(() => expectRefused(bearer));
    await call(other.bearer).expect(200);
    expect(keys.asked).toHaveLength(3);
  });

  it('is refused soon after the erasure of its account, although auth still answers for it', async () => {
    const { bearer, grant } = keys.add({ scopes: ['generate'] });
    await call(bearer).expect(200);
    await gateway.auth.announce(accountErased, { account_id: grant.account_id });
    await eventually(() => expectRefused(bearer));
  });

  it('is not taken from before its revocation: an answer that was on its way is not kept', async () => {
    const { bearer, grant } = keys.add({ scopes: ['generate'] });
    const heard = () => gateway.app.get<{ revocations: number }>(ApiKeyGrantsService).revocations;
    let asked = 0;
    gateway.auth.answer(verifyApiKey, async () => {
      if (++asked > 1) throw new Problem('invalid_token');
      const before = heard();
      await gateway.auth.announce(apiKeyRevoked, { key_id: grant.key_id });
      await eventually(() => expect(heard()).toBeGreaterThan(before)); // the fact overtakes the answer
      return grant;
    });
    await call(bearer);
    await expectRefused(bearer);
    expect(asked).toBe(2);
  });

  it('is good until it expires, not until it is asked about again', async () => {
    const { bearer } = keys.add({ scopes: ['generate'], expires_at: new Date(Date.now() + 3000).toISOString() });
    await call(bearer).expect(200);
    await eventually(() => expectRefused(bearer), 15_000);
  });

  it('goes on working for a while when auth is away, and a new one is a 503', async () => {
    const [used, fresh] = [keys.add({ scopes: ['generate'] }), keys.add({ scopes: ['generate'] })];
    await call(used.bearer).expect(200);
    gateway.auth.answer(verifyApiKey, async () => {
      throw new Problem('service_unavailable');
    });
    await call(used.bearer).expect(200);
    const { body } = await call(fresh.bearer).expect(503);
    expect(body).toMatchObject({ code: 'service_unavailable' });
  });

  describe('of an account', () => {
    const created: CreatedApiKey = {
      id: randomUUID(),
      name: 'render farm',
      prefix: 'lathe_x7Gq2mPa',
      scopes: ['generate'],
      created_at: '2026-01-02T03:04:05.000Z',
      expires_at: null,
      last_used_at: null,
      key: 'lathe_shown-once',
    };
    const at = (method: 'get' | 'post' | 'delete', path = '') =>
      gateway.http[method](`/auth/api-keys${path}`).set('authorization', gateway.bearer);

    it('is made, and shown', async () => {
      const asked = jest.fn(async () => created);
      gateway.auth.answer(createApiKey, asked);
      const wish = { name: 'render farm', scopes: ['generate'], expires_at: '2099-01-01T00:00:00.000Z' };
      const { body, headers } = await at('post').send(wish).expect(201);
      expect(body).toEqual(created);
      expect(headers.location).toBe(`/auth/api-keys/${created.id}`);
      expect(asked).toHaveBeenCalledWith({ ...wish, account_id: gateway.accountId }, expect.anything());
    });

    it.each([
      [{ name: 'a', scopes: [] }, '/scopes'],
      [{ name: 'a', scopes: ['admin'] }, '/scopes'],
      [{ name: ' ', scopes: ['generate'] }, '/name'],
      [{ name: 'a', scopes: ['generate'], expires_at: 'soon' }, '/expires_at'],
    ])('is not made of %j', async (wish, pointer) => {
      const { body } = await at('post').send(wish).expect(422);
      expect(body).toMatchObject({ errors: [{ pointer }] });
    });

    it('is listed, in pages', async () => {
      const asked = jest.fn(async () => ({ items: [], next_cursor: 'next' }));
      gateway.auth.answer(listApiKeys, asked);
      const { body } = await at('get', '?limit=5&cursor=abc').expect(200);
      expect(body).toEqual({ items: [], next_cursor: 'next' });
      await at('get').expect(200);
      const account_id = gateway.accountId;
      expect(asked.mock.calls.map(([request]: unknown[]) => request)).toEqual([
        { account_id, limit: 5, cursor: 'abc' },
        { account_id, limit: 20 },
      ]);
    });

    it('is revoked; a missing one, or that of another, is a 404', async () => {
      gateway.auth.answer(revokeApiKey, async ({ account_id, key_id }) => {
        if (account_id !== gateway.accountId || key_id !== created.id) throw new Problem('not_found');
        return {};
      });
      expect((await at('delete', `/${created.id}`).expect(204)).text).toBe('');
      for (const id of [randomUUID(), 'no-id']) await at('delete', `/${id}`).expect(404);
    });
  });
});
