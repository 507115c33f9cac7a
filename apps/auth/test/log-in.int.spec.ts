import { hash } from '@node-rs/argon2';
import { openSession, registerAccount } from '#contracts';
import { isOutdated } from '../src/passwords/password-hash.js';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';
import { race } from './race.js';

let auth: AuthServers;

beforeEach(async () => {
  auth = await authServers();
}, 60_000);
afterEach(() => auth.drop());

const logIn = (email: string, password: string, client = aClient()) =>
  auth.rpc.call(openSession, { email, password, client });
const registered = async () => {
  const request = anAccount();
  const { user } = await auth.rpc.call(registerAccount, request);
  return { ...request, id: user.id };
};
const forgetAttempts = () => auth.database().query('TRUNCATE attempt_counters');
const middleOf = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

describe('logging in', () => {
  it('opens one more session, whatever the case of the address', async () => {
    await auth.start();
    const { id, email, password } = await registered();
    const opened = await logIn(` ${email.toUpperCase()} `, password);
    expect(opened).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const [row] = await auth
      .database()
      .query<{ count: string }[]>('SELECT count(*) FROM sessions WHERE account_id = $1', [id]);
    expect(row!.count).toBe('2');
  });

  it('says the same to a wrong password and an unknown address', async () => {
    await auth.start();
    const { email, password } = await registered();
    const [wrong, unknown] = await Promise.allSettled([
      logIn(email, `${password}!`),
      logIn(anAccount().email, password),
    ]);
    expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'invalid_credentials' } });
    expect(JSON.stringify(unknown)).toBe(JSON.stringify(wrong));
  });

  it('takes as long for an unknown address as for a wrong password, whether looked at or told to wait', async () => {
    await auth.start();
    const { email } = await registered();
    const times = {
      known: [] as number[],
      unknown: [] as number[],
      knownEarly: [] as number[],
      unknownEarly: [] as number[],
    };
    const timed = async (kind: keyof typeof times, address: string, client = aClient()): Promise<void> => {
      const begun = performance.now();
      await logIn(address, 'a wrong guess', client).catch(() => undefined);
      times[kind].push(performance.now() - begun);
    };
    for (let round = 0; round < 75; round++) {
      if (round % 4 === 0) await forgetAttempts();
      await timed('known', email);
      await timed('unknown', anAccount().email);
    }
    const stranger = anAccount().email;
    const client = aClient();
    for (const address of [email, stranger]) {
      for (let number = 0; number < 5; number++) await logIn(address, 'a wrong guess', client).catch(() => undefined);
    }
    await auth.database().query(`UPDATE attempt_counters SET blocked_until = now() + interval '1 hour'`);
    for (let round = 0; round < 75; round++) {
      await timed('knownEarly', email, client);
      await timed('unknownEarly', stranger, client);
    }
    const middles = Object.fromEntries(Object.entries(times).map(([kind, list]) => [kind, middleOf(list)]));
    // a hash is some 20 ms of it; without one the unknown address would take a third of the time
    expect(middles.unknown! / middles.known!).toBeGreaterThan(0.75);
    expect(middles.unknown! / middles.known!).toBeLessThan(1.33);
    const early = Math.abs(middles.unknownEarly! - middles.knownEarly!);
    expect(early).toBeLessThan(Math.max(3, middles.knownEarly! / 3)); // a busy machine makes both longer
  }, 120_000);

  it('makes a better hash of a password whose hash is outdated', async () => {
    await auth.start();
    const { id, email, password } = await registered();
    const stored = async (): Promise<string> => {
      const [row] = await auth
        .database()
        .query<{ password_hash: string }[]>('SELECT password_hash FROM accounts WHERE id = $1', [id]);
      return row!.password_hash;
    };
    const old = await hash(password, { memoryCost: 4096, timeCost: 1, parallelism: 1 });
    await auth.database().query('UPDATE accounts SET password_hash = $2 WHERE id = $1', [id, old]);
    await logIn(email, 'a wrong guess').catch(() => undefined);
    expect(await stored()).toBe(old);
    await logIn(email, password);
    const better = await stored();
    expect(isOutdated(better)).toBe(false);
    await logIn(email, password);
    expect(await stored()).toBe(better);
  });

  it('fifty times at once with the right password is fifty log-ins, on two replicas', async () => {
    await Promise.all([auth.start(), auth.start()]);
    const { email, password } = await registered();
    const client = aClient();
    const { won, refused } = await race(Array.from({ length: 50 }, () => logIn(email, password, client)));
    expect(refused).toEqual([]);
    expect(new Set(won.map(({ refresh_token }) => refresh_token)).size).toBe(50);
  });

  it('of more people than there is time for is a matter of waiting, and counts for nobody', async () => {
    await auth.start({ PASSWORD_HASHES_AT_ONCE: 1, PASSWORD_HASHES_WAITING: 1 });
    const { email, password } = await registered();
    const strangers = Array.from({ length: 24 }, () => anAccount().email);
    const { refused } = await race(strangers.map((address) => logIn(address, 'a wrong guess')));
    expect(refused).toContain('service_unavailable');
    const [row] = await auth
      .database()
      .query<{ sum: string }[]>(`SELECT sum(attempts) FROM attempt_counters WHERE subject LIKE 'pair:%'`);
    expect(Number(row!.sum)).toBe(refused.filter((code) => code === 'invalid_credentials').length);
    await logIn(email, password);
  });
});
