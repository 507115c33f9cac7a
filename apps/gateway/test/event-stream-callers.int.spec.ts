import { randomUUID } from 'node:crypto';
import { accountErased, apiKeyRevoked, sessionsEnded } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { EventStream } from './event-stream.js';
import { KnownKeys } from './known-keys.js';
import { KnownTasks } from './known-tasks.js';
import { aToken, secondsFromNow } from './tokens.js';

describe('the caller of a stream', () => {
  let gateway: TestGateway;
  let tasks: KnownTasks;
  beforeEach(async () => {
    gateway = await aGateway();
    tasks = new KnownTasks(gateway.task);
  });
  afterEach(() => gateway.stop());

  it('is asked for again: whoever may not read any more is told nothing more', async () => {
    const keys = new KnownKeys(gateway.auth);
    const [account, erased, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
    const api = keys.add({ account_id: account, scopes: ['generate'] });
    const kept = keys.add({ account_id: account, scopes: ['generate'] });
    const token = (accountId: string, claims = {}) => `Bearer ${aToken({ key: gateway.key, accountId, claims })}`;
    const bearers = {
      session: token(account, { sid: sessionId }),
      erased: token(erased),
      key: api.bearer,
      expired: token(account, { exp: secondsFromNow(3) }),
      good: token(account),
      goodKey: kept.bearer,
    };
    const ids: Record<string, string> = {};
    const streams: Record<string, EventStream> = {};
    for (const [name, authorization] of Object.entries(bearers)) {
      ids[name] = tasks.add(name === 'erased' ? erased : account);
      streams[name] = await EventStream.open(`${gateway.url}/generate/${ids[name]}/events`, { authorization });
      await eventually(() => expect(streams[name]!.events).toHaveLength(1));
    }
    await gateway.auth.announce(sessionsEnded, { account_id: account, session_ids: [sessionId], reason: 'logged_out' });
    await gateway.auth.announce(accountErased, { account_id: erased });
    keys.revoke(api.grant.key_id);
    await gateway.auth.announce(apiKeyRevoked, { key_id: api.grant.key_id });
    const gone = ['session', 'erased', 'key', 'expired'];
    await Promise.all(gone.map((name) => streams[name]!.ended));
    for (const [name, id] of Object.entries(ids)) {
      if (name !== 'erased') await tasks.advance(id, { status: 'succeeded' });
    }
    await Promise.all(Object.values(streams).map((stream) => stream.ended));
    for (const [name, stream] of Object.entries(streams)) {
      expect([name, stream.ids]).toEqual([name, gone.includes(name) ? [1] : [1, 2]]);
    }
  }, 60_000);

  it('is not told what happens after the end of the session', async () => {
    const sessionId = randomUUID();
    const authorization = `Bearer ${aToken({ key: gateway.key, accountId: gateway.accountId, claims: { sid: sessionId } })}`;
    const id = tasks.add(gateway.accountId);
    const stream = await EventStream.open(`${gateway.url}/generate/${id}/events`, { authorization });
    await eventually(() => expect(stream.ids).toEqual([1]));
    await gateway.auth.announce(sessionsEnded, {
      account_id: gateway.accountId,
      session_ids: [sessionId],
      reason: 'logged_out',
    });
    await eventually(() => gateway.http.get(`/generate/${id}`).set({ authorization }).expect(401));
    await tasks.advance(id, { status: 'succeeded' });
    await stream.ended;
    expect(stream.ids).toEqual([1]);
  });
});
