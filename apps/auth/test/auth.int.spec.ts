import { randomUUID } from 'node:crypto';
import { closeSession, findAccount, openSession, refreshSession, registerAccount } from '#contracts';
import { anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;

beforeAll(async () => {
  auth = await authServers();
  await Promise.all([auth.start(), auth.start()]);
}, 60_000);
afterAll(() => auth.drop());

const register = (about = anAccount()) => auth.rpc.call(registerAccount, about);
const logIn = (email: string, password: string) => auth.rpc.call(openSession, { email, password });
const refresh = (refresh_token: string) => auth.rpc.call(refreshSession, { refresh_token });
const logOut = (refresh_token: string) => auth.rpc.call(closeSession, { refresh_token });

const count = async (sql: string, ...values: unknown[]): Promise<number> => {
  const [row] = await auth.database().query<{ count: string }[]>(sql, values);
  return Number(row!.count);
};
const sessionsOf = (accountId: string) => count('SELECT count(*) FROM sessions WHERE account_id = $1', accountId);

/** How many calls were answered, and the codes of those that were refused. */
async function race<T>(calls: Promise<T>[]): Promise<{ won: T[]; refused: string[] }> {
  const results = await Promise.allSettled(calls);
  return {
    won: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    refused: results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
    ),
  };
}

describe('registering', () => {
  it('makes an account and its first session', async () => {
    const request = anAccount({ display_name: '  Ada Lovelace ' });
    const { user, ...tokens } = await register(request);
    expect(user).toMatchObject({ email: request.email, display_name: 'Ada Lovelace' });
    expect(user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
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
    ['/email', { password: 'a good password' }],
    ['/password', anAccount({ password: 'seven77' })],
    ['/password', anAccount({ password: 'x'.repeat(129) })],
    ['/password', { email: anAccount().email, password: 12_345_678 }],
    ['/display_name', anAccount({ display_name: 'x'.repeat(81) })],
    ['/role', { ...anAccount(), role: 'admin' }],
    ['/id', { ...anAccount(), id: randomUUID() }],
  ])('names %s when it is wrong', async (pointer, request) => {
    await expect(register(request as never)).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer, message: expect.any(String) }] },
    });
  });

  it.each(['8 chars!', 'x'.repeat(128), '  spaces and ключ 🔑  '])(
    'takes the password %j as it is',
    async (password) => {
      const request = anAccount({ password });
      const { user } = await register(request);
      await logIn(request.email, password);
      expect(await sessionsOf(user.id)).toBe(2);
      await expect(logIn(request.email, `${password.slice(0, -1)}~`)).rejects.toMatchObject({
        code: 'invalid_credentials',
      });
    },
  );
});

describe('finding an account', () => {
  it('that does not exist says so', async () => {
    await expect(auth.rpc.call(findAccount, { account_id: randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('logging in', () => {
  it('opens one more session, whatever the case of the address', async () => {
    const request = anAccount();
    const { user } = await register(request);
    const tokens = await logIn(request.email.toUpperCase(), request.password);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(await sessionsOf(user.id)).toBe(2);
  });

  it('says the same to a wrong password and an unknown address', async () => {
    const { email, password } = anAccount();
    await register(anAccount({ email, password }));
    const [wrong, unknown] = await Promise.allSettled([
      logIn(email, `${password}!`),
      logIn(anAccount().email, password),
    ]);
    expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'invalid_credentials' } });
    expect(JSON.stringify(unknown)).toBe(JSON.stringify(wrong));
  });

  it('takes as long for an unknown address as for a wrong password', async () => {
    const { email } = (await register()).user;
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const attempts = Array.from({ length: 15 }, () => ['known', 'unknown'] as const).flat();
    for (const kind of attempts) {
      const begun = performance.now();
      await logIn(kind === 'known' ? email : anAccount().email, 'a wrong password').catch(() => undefined);
      times[kind].push(performance.now() - begun);
    }
    const [known, unknown] = [times.known, times.unknown].map((list) => list.toSorted((a, b) => a - b)[7]!);
    expect(unknown! / known!).toBeGreaterThan(0.6);
    expect(unknown! / known!).toBeLessThan(1.7);
  });

  it('forgets the sessions of the account that have run out', async () => {
    const request = anAccount();
    const { user } = await register(request);
    await auth.database().query('UPDATE sessions SET expires_at = now() WHERE account_id = $1', [user.id]);
    await logIn(request.email, request.password);
    expect(await sessionsOf(user.id)).toBe(1);
  });
});

describe('refreshing', () => {
  it('gives a new pair for the same session and spends the old token', async () => {
    const { refresh_token: first, user } = await register();
    const { refresh_token: second } = await refresh(first);
    expect(second).not.toBe(first);
    await expect(refresh(first)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    await refresh(second);
    expect(await sessionsOf(user.id)).toBe(1);
  });

  it('lets one of twenty parallel calls win', async () => {
    const { refresh_token } = await register();
    const { won, refused } = await race(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 19 }, () => 'invalid_refresh_token'));
    await refresh(won[0]!.refresh_token);
  });

  it('refuses a token that was never given and one that has run out', async () => {
    const { refresh_token, user } = await register();
    await auth.database().query('UPDATE sessions SET expires_at = now() WHERE account_id = $1', [user.id]);
    for (const token of [refresh_token, 'never given']) {
      await expect(refresh(token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    }
  });

  it('keeps the session alive for as long as it is used', async () => {
    const { refresh_token, user } = await register();
    await auth
      .database()
      .query(`UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE account_id = $1`, [user.id]);
    await refresh(refresh_token);
    expect(
      await count(
        `SELECT count(*) FROM sessions WHERE account_id = $1 AND expires_at > now() + interval '29 days'`,
        user.id,
      ),
    ).toBe(1);
  });
});

describe('logging out', () => {
  it('ends this session and no other, and may be repeated', async () => {
    const request = anAccount();
    const here = await register(request);
    const elsewhere = await logIn(request.email, request.password);
    expect(await logOut(here.refresh_token)).toEqual({});
    expect(await logOut(here.refresh_token)).toEqual({});
    await expect(refresh(here.refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    await refresh(elsewhere.refresh_token);
  });

  it('succeeds with a token that was never given', async () => {
    expect(await logOut('never given')).toEqual({});
  });

  it('wins or loses against a refresh, and never leaves a session that nobody can end', async () => {
    const { refresh_token, user } = await register();
    const [renewed] = await Promise.all([race([refresh(refresh_token)]), logOut(refresh_token)]);
    await Promise.all(renewed.won.map((tokens) => logOut(tokens.refresh_token)));
    expect(await sessionsOf(user.id)).toBe(0);
  });
});
