import { refreshSession, registerAccount, sessionsEnded, type SessionsEnded } from '#contracts';
import { eventually, StandIn } from '#testing';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';
import { race } from './race.js';

let auth: AuthServers;
let listener: StandIn;

beforeAll(async () => {
  auth = await authServers();
  await Promise.all([auth.start(), auth.start()]);
  listener = await new StandIn(auth.brokerUrl, 'task').hear(sessionsEnded).start();
}, 60_000);
afterAll(async () => {
  await listener.stop();
  await auth.drop();
});

const register = () => auth.rpc.call(registerAccount, anAccount());
const refresh = async (refresh_token: string, client = aClient()) =>
  (await auth.rpc.call(refreshSession, { refresh_token, client })).refresh_token;
const isRefused = { code: 'invalid_refresh_token' };

/** Lets the pause pass in which a repetition is answered. */
const later = (accountId: string) =>
  auth
    .database()
    .query(`UPDATE sessions SET rotated_at = rotated_at - interval '11 seconds' WHERE account_id = $1`, [accountId]);
const endOf = async (accountId: string) => {
  const [row] = await auth
    .database()
    .query<{ reason: string | null }[]>('SELECT end_reason AS reason FROM sessions WHERE account_id = $1', [accountId]);
  return row!.reason;
};
const heardOf = (accountId: string): SessionsEnded[] =>
  listener.heardOf(sessionsEnded).filter(({ account_id }) => account_id === accountId);

describe('refreshing', () => {
  it('gives another token for the same session, good for as long as it is used', async () => {
    const { refresh_token: first, refresh_expires_at } = await register();
    const client = aClient();
    const answer = await auth.rpc.call(refreshSession, { refresh_token: first, client });
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(answer.refresh_token).not.toBe(first);
    expect(answer.refresh_expires_at > refresh_expires_at).toBe(true);
    await refresh(answer.refresh_token);
  });

  it('remembers from where and with what', async () => {
    const { refresh_token, user } = await register();
    await refresh(refresh_token, { address: '198.51.100.9', user_agent: 'curl/8.5.0' });
    expect(
      await auth
        .database()
        .query('SELECT address, user_agent, generation FROM sessions WHERE account_id = $1', [user.id]),
    ).toEqual([{ address: '198.51.100.9', user_agent: 'curl/8.5.0', generation: 1 }]);
  });

  it('of one token by twenty at once makes one successor, which goes on working', async () => {
    const { refresh_token, user } = await register();
    const { won, refused } = await race(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(refused).toEqual([]);
    expect(new Set(won).size).toBe(1);
    expect(await endOf(user.id)).toBeNull();
    await refresh(won[0]!);
  });

  it('answers a repetition within ten seconds with the same token', async () => {
    const { refresh_token } = await register();
    const second = await refresh(refresh_token);
    expect(await refresh(refresh_token)).toBe(second);
  });

  it('with a spent token after the pause ends the session, for whoever holds it', async () => {
    const { refresh_token: first, user } = await register();
    const second = await refresh(first);
    await later(user.id);
    await expect(refresh(first)).rejects.toMatchObject(isRefused);
    await expect(refresh(second)).rejects.toMatchObject(isRefused);
    expect(await endOf(user.id)).toBe('refresh_token_reused');
    await eventually(() => expect(heardOf(user.id)).toMatchObject([{ reason: 'refresh_token_reused' }]));
  });

  it('with the token before the last one ends the session even within the pause', async () => {
    const { refresh_token: first, user } = await register();
    const third = await refresh(await refresh(first));
    await expect(refresh(first)).rejects.toMatchObject(isRefused);
    await expect(refresh(third)).rejects.toMatchObject(isRefused);
    expect(await endOf(user.id)).toBe('refresh_token_reused');
  });

  it('ends no other session of the account', async () => {
    const { refresh_token: first, user } = await register();
    const other = await register();
    await refresh(await refresh(first));
    await expect(refresh(first)).rejects.toMatchObject(isRefused);
    await refresh(other.refresh_token);
    expect(await endOf(user.id)).not.toBeNull();
    expect(await endOf(other.user.id)).toBeNull();
  });

  it('with a token that somebody made up changes nothing, even when it names the session', async () => {
    const { refresh_token, user } = await register();
    const bytes = Buffer.from(refresh_token, 'base64url');
    bytes.fill(7, 20, 52);
    for (const forged of [bytes.toString('base64url'), 'never given', 'x'.repeat(91)]) {
      await expect(refresh(forged)).rejects.toMatchObject(isRefused);
    }
    expect(await endOf(user.id)).toBeNull();
    await refresh(refresh_token);
  });

  it('of a session that has run out is refused and ends nothing', async () => {
    const { refresh_token, user } = await register();
    await auth.database().query('UPDATE sessions SET expires_at = now() WHERE account_id = $1', [user.id]);
    await expect(refresh(refresh_token)).rejects.toMatchObject(isRefused);
    expect(await endOf(user.id)).toBeNull();
    expect(heardOf(user.id)).toEqual([]);
  });

  it('waits for whoever is ending the session, and then is refused', async () => {
    const { refresh_token, user } = await register();
    const other = auth.database().createQueryRunner();
    await other.startTransaction();
    await other.query(`UPDATE sessions SET ended_at = now(), end_reason = 'ended' WHERE account_id = $1`, [user.id]);
    const refreshing = race([refresh(refresh_token)]);
    await eventually(async () => {
      const waiting: unknown[] = await auth
        .database()
        .query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%sessions%' AND datname = current_database()`,
        );
      expect(waiting).not.toEqual([]);
    });
    await other.commitTransaction();
    await other.release();
    expect(await refreshing).toEqual({ won: [], refused: ['invalid_refresh_token'] });
    expect(await endOf(user.id)).toBe('ended');
  });

  it('does not go on for ever', async () => {
    const { refresh_token, user } = await register();
    await auth
      .database()
      .query(`UPDATE sessions SET created_at = now() - interval '364 days' WHERE account_id = $1`, [user.id]);
    const { refresh_expires_at } = await auth.rpc.call(refreshSession, { refresh_token, client: aClient() });
    expect(Date.parse(refresh_expires_at) - Date.now()).toBeLessThan(86_400_000);
  });

  it('stores no token, only the hash of the last one', async () => {
    const { refresh_token, user } = await register();
    const next = await refresh(refresh_token);
    const rows: object[] = await auth.database().query('SELECT * FROM sessions WHERE account_id = $1', [user.id]);
    for (const token of [refresh_token, next]) {
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(JSON.stringify(rows)).not.toContain(JSON.stringify(Buffer.from(token, 'base64url')).slice(30, -2));
    }
  });
});
