import type { LoggerOptions } from 'pino';
import { closeSession, openSession, refreshSession, registerAccount } from '#contracts';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;
const mockLog: string[] = [];

// the real logger with the real settings, writing here
jest.mock('pino', () => {
  const { pino, ...rest } = jest.requireActual<typeof import('pino')>('pino');
  const recording = (options: LoggerOptions) => pino(options, { write: (line) => mockLog.push(line) });
  return { ...rest, pino: Object.assign(recording, pino) };
});

beforeAll(async () => {
  auth = await authServers();
  await auth.start({ LOG_LEVEL: 'debug' });
}, 60_000);
afterAll(() => auth.drop());

/** Goes through every call, well and badly, also while the table of sessions is away. Returns every secret that took part. */
async function useEverySecret(): Promise<string[]> {
  const { rpc } = auth;
  const account = anAccount({ password: 'planted password 4711' });
  const { access_token, refresh_token } = await rpc.call(registerAccount, account);
  const next = await rpc.call(refreshSession, { refresh_token, client: aClient() });
  await auth.database().query('ALTER TABLE sessions RENAME TO sessions_away');
  const failures = await Promise.allSettled([
    rpc.call(openSession, { email: account.email, password: account.password, client: aClient() }),
    rpc.call(registerAccount, anAccount({ password: account.password })),
    rpc.call(refreshSession, { refresh_token: next.refresh_token, client: aClient() }),
  ]);
  await auth.database().query('ALTER TABLE sessions_away RENAME TO sessions');
  expect(failures).toMatchObject(failures.map(() => ({ reason: { code: 'internal_error' } })));
  await rpc
    .call(openSession, { email: account.email, password: 'planted mistake 0815', client: aClient() })
    .catch(() => undefined);
  await rpc.call(registerAccount, { ...account, password: 'planted' }).catch(() => undefined);
  await rpc.call(closeSession, { refresh_token: next.refresh_token });
  return [account.password, 'planted mistake 0815', access_token, refresh_token, next.access_token, next.refresh_token];
}

it('what happens to accounts is written to the log, without what was tried', async () => {
  const { rpc } = auth;
  const account = anAccount();
  const { user, refresh_token } = await rpc.call(registerAccount, account);
  const wrong = { email: account.email, password: 'wrong', client: aClient({ address: '198.51.100.77' }) };
  for (let time = 0; time < 5; time++) await rpc.call(openSession, wrong).catch(() => undefined);
  await auth.database().query(`UPDATE attempt_counters SET blocked_until = blocked_until + interval '1 hour'
    WHERE subject LIKE 'pair:%' AND attempts >= 5`);
  await rpc.call(openSession, wrong).catch(() => undefined);
  await rpc.call(openSession, { ...wrong, email: 'mypassword@example.org' }).catch(() => undefined);
  await rpc.call(closeSession, { refresh_token });
  const lines = mockLog.map((line) => JSON.parse(line) as { msg: string; account_id?: string; address?: string });
  const ofAccount = lines.filter(({ account_id }) => account_id === user.id).map(({ msg }) => msg);
  expect(ofAccount).toEqual([
    'a session began',
    ...Array.from({ length: 5 }, () => 'a wrong password'),
    'too many wrong passwords',
    'sessions ended',
  ]);
  expect(lines.filter(({ address }) => address === '198.51.100.77')).toHaveLength(7);
  expect(mockLog.join('')).not.toContain('mypassword');
});

it('no password and no token is ever written to the log or the database', async () => {
  const secrets = await useEverySecret();
  const written = mockLog.join('');
  expect(written).toContain('QueryFailedError'); // the failures above were logged
  const stored = await auth.database().query<object[]>('SELECT * FROM accounts, sessions');
  const keys = await auth
    .database()
    .query<{ sealed: Buffer }[]>('SELECT sealed_private_key AS sealed FROM signing_keys');
  for (const secret of secrets) {
    expect(written).not.toContain(secret);
    expect(JSON.stringify(stored)).not.toContain(secret);
  }
  const curve = Buffer.from('06082a8648ce3d030107', 'hex'); // in every PKCS #8 key of P-256
  expect(keys.map(({ sealed }) => sealed.includes(curve))).toEqual([false]);
});
