import { randomUUID } from 'node:crypto';
import {
  closeSession,
  endSession,
  listRevocations,
  listSessions,
  openSession,
  refreshSession,
  registerAccount,
  sessionsEnded,
} from '#contracts';
import jwt from 'jsonwebtoken';
import { eventually, StandIn } from '#testing';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;
let listener: StandIn;

beforeAll(async () => {
  auth = await authServers();
  await auth.start();
  listener = await new StandIn(auth.brokerUrl, 'task').hear(sessionsEnded).start();
}, 60_000);
afterAll(async () => {
  await listener.stop();
  await auth.drop();
});

const register = (about = anAccount()) => auth.rpc.call(registerAccount, about);
const logOut = (refresh_token: string) => auth.rpc.call(closeSession, { refresh_token });
const refresh = (refresh_token: string) => auth.rpc.call(refreshSession, { refresh_token, client: aClient() });
const sidOf = (token: string) => (jwt.decode(token) as { sid: string }).sid;
const list = (account_id: string, session_id: string, limit = 100, cursor?: string) =>
  auth.rpc.call(listSessions, { account_id, session_id, limit, cursor });

/** An account that is logged in on several devices: the registration's session first. */
async function withSessions(count: number) {
  const request = anAccount();
  const first = await register(request);
  const more = [];
  for (let made = 1; made < count; made++) {
    const { email, password } = request;
    more.push(await auth.rpc.call(openSession, { email, password, client: aClient({ user_agent: `device/${made}` }) }));
  }
  return { user: first.user, sessions: [first, ...more] };
}

describe('the sessions of an account', () => {
  it('are listed newest first, with the device, the address and which one asks', async () => {
    const { user, sessions } = await withSessions(3);
    const [first] = sessions;
    const { items, next_cursor } = await list(user.id, sidOf(first!.access_token));
    expect(next_cursor).toBeNull();
    expect(items.map(({ id }) => id)).toEqual(sessions.map((session) => sidOf(session.access_token)).toReversed());
    expect(items.map(({ device }) => device)).toEqual(['device 2', 'device 1', 'Firefox on Linux']);
    expect(items.map(({ current }) => current)).toEqual([false, false, true]);
    expect(items[0]!.address).toMatch(/^2001:db8:/);
  });

  it('come in pages that together are all of them', async () => {
    const { user, sessions } = await withSessions(5);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(user.id, randomUUID(), 2, cursor);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(sessions.map((session) => sidOf(session.access_token)).toReversed());
  });

  it('that are over are not listed', async () => {
    const { user, sessions } = await withSessions(3);
    await logOut(sessions[0]!.refresh_token);
    await auth
      .database()
      .query('UPDATE sessions SET expires_at = now() WHERE id = $1', [sidOf(sessions[1]!.access_token)]);
    const { items } = await list(user.id, randomUUID());
    expect(items.map(({ id }) => id)).toEqual([sidOf(sessions[2]!.access_token)]);
  });

  it('are a hundred at the most: one more ends the one that lay unused longest', async () => {
    const request = anAccount();
    const { user, ...first } = await register(request);
    await auth.database().query(
      `INSERT INTO sessions (id, account_id, generation, refresh_token_hash, rotated_at, created_at, last_used_at, expires_at)
       SELECT gen_random_uuid(), $1, 0, '', now(), now(), now() + interval '1 minute', now() + interval '1 day'
       FROM generate_series(1, 99)`,
      [user.id],
    );
    const { email, password } = request;
    await auth.rpc.call(openSession, { email, password, client: aClient() });
    await expect(refresh(first.refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    expect((await list(user.id, randomUUID())).items).toHaveLength(100);
  });
});

describe('ending a session', () => {
  it('ends this one and no other, and tells the others', async () => {
    const { user, sessions } = await withSessions(2);
    const [here, there] = sessions.map((session) => sidOf(session.access_token));
    await auth.rpc.call(endSession, { account_id: user.id, session_id: there! });
    await expect(refresh(sessions[1]!.refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    await refresh(sessions[0]!.refresh_token);
    expect((await list(user.id, here!)).items.map(({ id }) => id)).toEqual([here]);
    await eventually(() =>
      expect(listener.heardOf(sessionsEnded)).toContainEqual({
        account_id: user.id,
        session_ids: [there],
        reason: 'ended',
      }),
    );
  });

  it('says the same of a missing one, one that is over, and one of somebody else', async () => {
    const [mine, other] = [await withSessions(1), await withSessions(1)];
    const foreign = sidOf(other.sessions[0]!.access_token);
    const over = sidOf(mine.sessions[0]!.access_token);
    await logOut(mine.sessions[0]!.refresh_token);
    const answers = await Promise.allSettled(
      [foreign, over, randomUUID()].map((session_id) =>
        auth.rpc.call(endSession, { account_id: mine.user.id, session_id }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ reason: { code: 'not_found' } });
    await refresh(other.sessions[0]!.refresh_token);
  });
});

describe('logging out', () => {
  it('ends this session and no other, and may be repeated', async () => {
    const { sessions } = await withSessions(2);
    const [here, elsewhere] = sessions;
    expect(await logOut(here!.refresh_token)).toEqual({});
    expect(await logOut(here!.refresh_token)).toEqual({});
    await expect(refresh(here!.refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    await refresh(elsewhere!.refresh_token);
  });

  it('works with a token that was exchanged since', async () => {
    const { sessions } = await withSessions(1);
    const { refresh_token } = await refresh(sessions[0]!.refresh_token);
    await logOut(sessions[0]!.refresh_token);
    await expect(refresh(refresh_token)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
  });

  it('succeeds with a token that was never given', async () => {
    expect(await logOut('never given')).toEqual({});
  });

  it('against a refresh never leaves a session that nobody can end', async () => {
    const { user, sessions } = await withSessions(1);
    const { refresh_token } = sessions[0]!;
    await Promise.allSettled([refresh(refresh_token), logOut(refresh_token), refresh(refresh_token)]);
    expect((await list(user.id, randomUUID())).items).toEqual([]);
  });
});

describe('what was taken back', () => {
  it('is listed for as long as an access token of it may be good', async () => {
    const { sessions } = await withSessions(2);
    const [ended, live] = sessions.map((session) => sidOf(session.access_token));
    await logOut(sessions[0]!.refresh_token);
    const { session_ids, remember_seconds } = await auth.rpc.call(listRevocations, {});
    expect(session_ids).toContain(ended);
    expect(session_ids).not.toContain(live);
    expect(remember_seconds).toBeGreaterThanOrEqual(900);
    await auth
      .database()
      .query(`UPDATE sessions SET ended_at = now() - make_interval(secs => $2) WHERE id = $1`, [
        ended,
        remember_seconds,
      ]);
    expect((await auth.rpc.call(listRevocations, {})).session_ids).not.toContain(ended);
  });
});
