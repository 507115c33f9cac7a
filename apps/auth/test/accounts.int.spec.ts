import { randomUUID } from 'node:crypto';
import {
  changeAccount,
  changePassword,
  findAccount,
  listSessions,
  openSession,
  refreshSession,
  registerAccount,
} from '#contracts';
import jwt from 'jsonwebtoken';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';
import { race } from './race.js';

let auth: AuthServers;

beforeAll(async () => {
  auth = await authServers();
  await Promise.all([auth.start(), auth.start()]);
}, 60_000);
afterAll(() => auth.drop());

const register = (about = anAccount()) => auth.rpc.call(registerAccount, about);
const logIn = (email: string, password: string, client = aClient()) =>
  auth.rpc.call(openSession, { email, password, client });
const refresh = (refresh_token: string) => auth.rpc.call(refreshSession, { refresh_token, client: aClient() });
const sidOf = (token: string) => (jwt.decode(token) as { sid: string }).sid;

const count = async (sql: string, ...values: unknown[]): Promise<number> => {
  const [row] = await auth.database().query<{ count: string }[]>(sql, values);
  return Number(row!.count);
};
const sessionsOf = (accountId: string) => count('SELECT count(*) FROM sessions WHERE account_id = $1', accountId);

describe('registering', () => {
  it('makes an account and its first session', async () => {
    const request = anAccount({ display_name: '  Ada Lovelace ' });
    const { user, ...tokens } = await register(request);
    expect(user).toMatchObject({ email: request.email, display_name: 'Ada Lovelace' });
    expect(user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.stringMatching(/^[\w-]{91}$/),
      refresh_expires_at: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
    });
    expect(await auth.rpc.call(findAccount, { account_id: user.id })).toEqual(user);
    expect(await sessionsOf(user.id)).toBe(1);
  });

  it('refuses an address that is taken, however it is written', async () => {
    const request = anAccount();
    await register(request);
    for (const email of [request.email, request.email.toUpperCase(), ` ${request.email} `]) {
      await expect(register(anAccount({ email }))).rejects.toMatchObject({ code: 'email_taken' });
    }
  });

  it('gives an address to one of ten who ask at once, and leaves nothing of the others', async () => {
    const { email } = anAccount();
    const { won, refused } = await race(Array.from({ length: 10 }, () => register(anAccount({ email }))));
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 9 }, () => 'email_taken'));
    expect(await count('SELECT count(*) FROM accounts WHERE email = $1', email)).toBe(1);
    expect(await sessionsOf(won[0]!.user.id)).toBe(1);
  });

  it.each([
    ['/email', anAccount({ email: 'ada' })],
    ['/email', { password: 'a good password', client: aClient() }],
    ['/password', anAccount({ password: 'seven77' })],
    ['/password', anAccount({ password: 'x'.repeat(129) })],
    ['/password', { ...anAccount(), password: 12_345_678 }],
    ['/display_name', anAccount({ display_name: 'x'.repeat(81) })],
  ])('names %s when it is wrong', async (pointer, request) => {
    await expect(register(request as never)).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer, message: expect.any(String) }] },
    });
  });

  it('takes no notice of what it does not know: a newer gateway may say more', async () => {
    const id = randomUUID();
    const { user } = await register({ ...anAccount(), id, role: 'admin' } as never);
    expect(user.id).not.toBe(id);
    expect(user).not.toHaveProperty('role');
  });
});

describe('an account', () => {
  it('that is gone is nobody any more', async () => {
    await expect(auth.rpc.call(findAccount, { account_id: randomUUID() })).rejects.toMatchObject({
      code: 'invalid_token',
    });
  });

  it.each([
    ['  Grace  ', 'Grace'],
    [null, null],
    [undefined, 'Ada'],
  ])('that is called %j from now on has the name %j', async (display_name, expected) => {
    const { user } = await register();
    const changed = await auth.rpc.call(changeAccount, { account_id: user.id, display_name });
    expect(changed).toEqual({ ...user, display_name: expected });
    expect(await auth.rpc.call(findAccount, { account_id: user.id })).toEqual(changed);
  });
});

describe('changing the password', () => {
  /** An account that is logged in here and there. */
  async function onTwoDevices() {
    const request = anAccount();
    const here = await register(request);
    const there = await logIn(request.email, request.password);
    const change = (current_password: string, new_password: string) =>
      auth.rpc.call(changePassword, {
        account_id: here.user.id,
        session_id: sidOf(here.access_token),
        current_password,
        new_password,
        client: request.client,
      });
    return { request, here, there, change };
  }

  it('needs the current one, ends every other session, and makes the old one worthless', async () => {
    const { request, here, there, change } = await onTwoDevices();
    expect(await change(request.password, 'another fine passphrase')).toEqual({});
    await expect(refresh(there.refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    await refresh(here.refresh_token);
    await expect(logIn(request.email, request.password)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await logIn(request.email, 'another fine passphrase');
  });

  it('changes nothing when the current one is wrong', async () => {
    const { request, there, change } = await onTwoDevices();
    await expect(change('not my password', 'another fine passphrase')).rejects.toMatchObject({
      code: 'wrong_password',
    });
    await refresh(there.refresh_token);
    await logIn(request.email, request.password);
  });

  it.each([
    ['a common one', 'password123'],
    ['a short one', '1234567'],
  ])('refuses %s and names the place', async (_, new_password) => {
    const { request, there, change } = await onTwoDevices();
    await expect(change(request.password, new_password)).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer: '/new_password', message: expect.any(String) }] },
    });
    await refresh(there.refresh_token);
  });

  it('is done once when two do it at once', async () => {
    const { request, change } = await onTwoDevices();
    const fresh = ['a first new passphrase', 'a second new passphrase'];
    const { won, refused } = await race(fresh.map((password) => change(request.password, password)));
    expect([won.length, refused]).toEqual([1, ['wrong_password']]);
    const { won: good } = await race(fresh.map((password) => logIn(request.email, password)));
    expect(good).toHaveLength(1);
  });

  it('leaves no session of a log-in with the old password that began before', async () => {
    const { request, here, change } = await onTwoDevices();
    await Promise.allSettled([
      ...Array.from({ length: 4 }, () => logIn(request.email, request.password)),
      change(request.password, 'another fine passphrase'),
      ...Array.from({ length: 4 }, () => logIn(request.email, request.password)),
    ]);
    const session_id = sidOf(here.access_token);
    const { items } = await auth.rpc.call(listSessions, { account_id: here.user.id, session_id, limit: 100 });
    expect(items.map(({ id }) => id)).toEqual([session_id]);
  });
});
