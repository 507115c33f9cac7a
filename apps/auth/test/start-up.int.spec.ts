import jwt from 'jsonwebtoken';
import { DataSource } from 'typeorm';
import { type OpenedSession, readKeySet, refreshSession, registerAccount } from '#contracts';
import { migrate } from '#persistence';
import { eventually } from '#testing';
import { AuthConfig } from '../src/auth.config.js';
import { KeyRotationService } from '../src/signing-keys/key-rotation.service.js';
import { SigningKeysRepository } from '../src/signing-keys/signing-keys.repository.js';

import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers, testSecret } from './auth-service.js';

let auth: AuthServers;

beforeEach(async () => {
  auth = await authServers();
}, 60_000);
afterEach(() => auth.drop());

const kidOf = (token: string) => jwt.decode(token, { complete: true })!.header.kid;

/** Lets a table be read but not written, so that writers line up. */
async function holdBackWrites(database: DataSource, table: string) {
  const holder = database.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`LOCK TABLE ${table} IN SHARE MODE`);
  return {
    until: (writers: number) =>
      eventually(async () => {
        const waiting: unknown = await holder.query(
          'SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted',
          [table],
        );
        expect(waiting).toHaveLength(writers);
      }),
    release: async () => {
      await holder.commitTransaction();
      await holder.release();
    },
  };
}

describe('auth, when it starts', () => {
  it('migrates once and makes one signing key, though three replicas come at the same moment', async () => {
    const replicas = await Promise.all([auth.start(), auth.start(), auth.start()]);
    await Promise.all(replicas.map((replica) => migrate(replica.get(DataSource))));
    const applied = await auth.database().query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
    expect(applied.map(({ name }) => name)).toEqual(auth.database().migrations.map(({ name }) => name));
    const { keys } = await auth.rpc.call(readKeySet, {});
    expect(keys).toHaveLength(1);
    const tokens = await Promise.all(Array.from({ length: 6 }, () => auth.rpc.call(registerAccount, anAccount())));
    expect(new Set(tokens.map(({ access_token }) => kidOf(access_token)))).toEqual(new Set([keys[0]!.kid]));
  });

  it('makes one signing key, though three find none at the same moment', async () => {
    await auth.start();
    const database = auth.database();
    const keys = new SigningKeysRepository(database);
    const config = Object.assign(new AuthConfig(), { AUTH_SECRET: testSecret });
    await database.query('TRUNCATE signing_keys');
    const writesHeldBack = await holdBackWrites(database, 'signing_keys');
    const made = Array.from({ length: 3 }, () => new KeyRotationService(database, keys, config).makeFirst());
    await writesHeldBack.until(3);
    await writesHeldBack.release();
    await Promise.all(made);
    expect(await keys.all()).toHaveLength(1);
  });

  it('goes on with the key it has', async () => {
    const first = await auth.start();
    const before = await auth.rpc.call(readKeySet, {});
    await first.close();
    await auth.start();
    expect(await auth.rpc.call(readKeySet, {})).toEqual(before);
    expect(kidOf((await auth.rpc.call(registerAccount, anAccount())).access_token)).toBe(before.keys[0]!.kid);
  });

  it('refuses a secret that does not open the key it has, and names it', async () => {
    await auth.start();
    await expect(auth.start({ AUTH_SECRET: 'another secret of thirty-two characters' })).rejects.toThrow(
      /^wrong settings:\s+AUTH_SECRET is not the one/,
    );
  });

  it('changes its secret in three steps without a log-in or a token lost', async () => {
    const [old, young] = [testSecret, 'another secret of thirty-two characters'];
    const lifetimes = { SIGNING_KEY_LEAD_SECONDS: 5 };
    const first = await auth.start(lifetimes);
    let tokens: OpenedSession = await auth.rpc.call(registerAccount, anAccount());
    const refreshed = async () => {
      tokens = await auth.rpc.call(refreshSession, { refresh_token: tokens.refresh_token, client: aClient() });
    };
    const accepting = await auth.start({ ...lifetimes, AUTH_SECRET_PREVIOUS: young });
    await first.close();
    await refreshed();
    const changing = await auth.start({ ...lifetimes, AUTH_SECRET: young, AUTH_SECRET_PREVIOUS: old });
    for (let time = 0; time < 4; time++) await refreshed(); // whichever of the two answers
    await accepting.close();
    await refreshed();
    const kid = await changing.get(KeyRotationService).rotate();
    await eventually(async () => {
      await refreshed();
      expect(kidOf(tokens.access_token)).toBe(kid);
    }, 30_000);
    await auth.start({ ...lifetimes, AUTH_SECRET: young });
    await changing.close();
    await refreshed();
    expect(kidOf(tokens.access_token)).toBe(kid);
  });

  it('is ready when its database and its broker answer', async () => {
    const app = await auth.start();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${await app.getUrl()}/health/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ details: { database: { status: 'up' }, broker: { status: 'up' } } });
  });
});
