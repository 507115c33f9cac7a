import { changePassword, openSession, type Problem, registerAccount } from '#contracts';
import { AttemptsService } from '../src/attempts/attempts.service.js';
import type { SubjectKind } from '../src/attempts/throttle.js';
import { PasswordsService } from '../src/passwords/passwords.service.js';
import { addresses, guess } from './a-guesser.js';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;

beforeEach(async () => {
  auth = await authServers();
  await Promise.all([auth.start(), auth.start()]);
}, 60_000);
afterEach(() => auth.drop());

const logIn = (email: string, password: string, client = aClient()) =>
  auth.rpc.call(openSession, { email, password, client });
const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'let in',
    (error: { code: string }) => error.code,
  );
const registered = async () => {
  const request = anAccount();
  const { user } = await auth.rpc.call(registerAccount, request);
  return { ...request, id: user.id };
};
/** As many as the pauses allow that have passed by now: each is at least two seconds. */
const allowed = (free: number, seconds: number): number => free + Math.ceil(seconds / 2);
const hour = 3600;
/** Makes the pauses an hour longer that so many attempts have begun: no test takes that long. */
const prolong = (kind: SubjectKind, attempts: number) =>
  auth
    .database()
    .query(
      'UPDATE attempt_counters SET blocked_until = blocked_until + make_interval(secs => $1) WHERE subject LIKE $2 AND attempts >= $3',
      [hour, `${kind}:%`, attempts],
    );

describe('a thousand guesses at one account', () => {
  it('from one network: five are looked at, by two replicas together, and the owner comes in meanwhile', async () => {
    const victim = await registered();
    const looks = jest.spyOn(PasswordsService.prototype, 'matches');
    const attempts = Array.from({ length: 1000 }, (): [string, string] => [victim.email, '203.0.113.7']);
    const [tally, owner] = await Promise.all([
      guess(auth.rpc, attempts),
      logIn(victim.email, victim.password, victim.client),
    ]);
    expect(owner.token_type).toBe('Bearer');
    expect(tally.else).toEqual([]);
    expect(tally.tried).toBeGreaterThanOrEqual(5);
    expect(tally.tried).toBeLessThanOrEqual(allowed(5, tally.seconds));
    expect(looks).toHaveBeenCalledTimes(tally.tried + 1);
    looks.mockRestore();
  }, 120_000);

  it('from two hundred networks: twenty are looked at, and the owner comes in from where she is known', async () => {
    const victim = await registered();
    const networks = addresses(200);
    const attempts = Array.from({ length: 1000 }, (_, at): [string, string] => [victim.email, networks[at % 200]!]);
    const [tally, owner] = await Promise.all([
      guess(auth.rpc, attempts),
      logIn(victim.email, victim.password, victim.client),
    ]);
    expect(owner.token_type).toBe('Bearer');
    expect(tally.else).toEqual([]);
    expect(tally.tried).toBeGreaterThanOrEqual(20);
    expect(tally.tried).toBeLessThanOrEqual(allowed(20, tally.seconds));
    await prolong('account', 20);
    expect(await refusalOf(logIn(victim.email, victim.password))).toBe('too_many_attempts');
    await logIn(victim.email, victim.password, victim.client);
  }, 120_000);
});

describe('a list of a thousand accounts', () => {
  it('gets a hundred looks from one network, whether the accounts exist or not', async () => {
    const { email } = await registered();
    const names = Array.from({ length: 999 }, (_, number) => `nobody-${number}@example.org`);
    const attempts = [email, ...names].map((name): [string, string] => [name, '203.0.113.7']);
    const tally = await guess(auth.rpc, attempts);
    expect(tally.else).toEqual([]);
    expect(tally.tried).toBeGreaterThanOrEqual(100);
    expect(tally.tried).toBeLessThanOrEqual(100 + Math.ceil(tally.seconds));
  }, 120_000);

  it("is not got through any faster by logging in with an account of one's own in between", async () => {
    const own = await registered();
    const network = '203.0.113.7';
    const client = aClient({ address: network });
    await logIn(own.email, own.password, client);
    const counted = async () => {
      const [row] = await auth
        .database()
        .query<{ attempts: number }[]>(
          `SELECT attempts FROM attempt_counters WHERE subject = 'network:203.0.113.0/24'`,
        );
      return row!.attempts;
    };
    for (let number = 1; number <= 4; number++) {
      await refusalOf(logIn(`nobody-${number}@example.org`, 'a wrong guess', client));
      await logIn(own.email, own.password, client);
      expect(await counted()).toBe(number);
    }
  });
});

describe('somebody who is told to wait', () => {
  const guessUntilRefused = async (email: string) => {
    const client = aClient();
    const answers: Problem[] = [];
    const guesses = async (count: number): Promise<void> => {
      for (let number = 0; number < count; number++) {
        await logIn(email, 'a wrong guess', client).catch((refusal: Problem) => answers.push(refusal));
      }
    };
    await guesses(4);
    const begun = performance.now();
    await guesses(1);
    await prolong('pair', 5);
    await guesses(2);
    return { answers, seconds: (performance.now() - begun) / 1000 };
  };

  it('hears the same of an address that exists and of one that does not, and when to come back', async () => {
    const { email } = await registered();
    const known = await guessUntilRefused(email);
    const unknown = await guessUntilRefused(anAccount().email);
    expect(unknown.answers.map(({ code, message }) => ({ code, message }))).toEqual(
      known.answers.map(({ code, message }) => ({ code, message })),
    );
    expect(known.answers.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 5 }, () => 'invalid_credentials'),
      'too_many_attempts',
      'too_many_attempts',
    ]);
    for (const { answers, seconds } of [known, unknown]) {
      for (const { details } of answers.filter(({ code }) => code === 'too_many_attempts')) {
        expect(details.retryAfter).toBeGreaterThanOrEqual(hour + 2 - seconds);
        expect(details.retryAfter).toBeLessThanOrEqual(hour + 2);
      }
    }
  });

  it('is not looked at: the right password is refused like a wrong one', async () => {
    const { email, password } = await registered();
    const client = aClient();
    await guess(
      auth.rpc,
      Array.from({ length: 5 }, (): [string, string] => [email, client.address]),
      1,
    );
    await prolong('pair', 5);
    expect(await refusalOf(logIn(email, password, client))).toBe('too_many_attempts');
  });

  it('waits on, though the service has been started anew', async () => {
    const { email } = await registered();
    const client = aClient();
    const five = Array.from({ length: 5 }, (): [string, string] => [email, client.address]);
    await guess(auth.rpc, five, 5);
    await prolong('pair', 5);
    await auth.start();
    expect(await refusalOf(logIn(email, 'a wrong guess', client))).toBe('too_many_attempts');
  });

  it('may have another five after a right one', async () => {
    const { email, password } = await registered();
    const client = aClient();
    const four = Array.from({ length: 4 }, (): [string, string] => [email, client.address]);
    for (let round = 0; round < 3; round++) {
      expect(await guess(auth.rpc, four, 2)).toMatchObject({ tried: 4, refused: 0 });
      await logIn(email, password, client);
    }
  });

  it('finds no other door: changing the password counts, too', async () => {
    const { email, id } = await registered();
    const client = aClient();
    const change = () =>
      auth.rpc.call(changePassword, {
        account_id: id,
        session_id: id,
        current_password: 'a wrong guess',
        new_password: 'another good password',
        client,
      });
    const answers = [];
    for (let number = 0; number < 5; number++) answers.push(await refusalOf(change()));
    await prolong('pair', 5);
    answers.push(await refusalOf(change()));
    expect(answers).toEqual([...Array.from({ length: 5 }, () => 'wrong_password'), 'too_many_attempts']);
    expect(await refusalOf(logIn(email, 'a wrong guess', client))).toBe('too_many_attempts');
  });
});

describe('a known network', () => {
  it('is one from which the account has logged in', async () => {
    const { email, password, id } = await registered();
    await logIn(email, password, aClient({ address: '192.0.2.77' }));
    expect(await refusalOf(logIn(email, 'a wrong guess', aClient({ address: '198.51.100.1' })))).toBe(
      'invalid_credentials',
    );
    const networks = await auth
      .database()
      .query<{ network: string }[]>('SELECT network FROM known_networks WHERE account_id = $1', [id]);
    expect(networks.map(({ network }) => network)).toContain('192.0.2.0/24');
    expect(networks).toHaveLength(2); // and that of the registration
  });

  it('lets its account in, however much is guessed at others from there', async () => {
    const { email, password, client } = await registered();
    const strangers = Array.from({ length: 150 }, (_, number): [string, string] => [
      `nobody-${number}@example.org`,
      client.address,
    ]);
    expect((await guess(auth.rpc, strangers)).refused).toBeGreaterThan(0);
    await prolong('network', 100);
    expect(await refusalOf(logIn('somebody@example.org', 'a wrong guess', client))).toBe('too_many_attempts');
    await logIn(email, password, client);
  });
});

it('what says nothing any more is swept away', async () => {
  const replica = await auth.start();
  const { email, password, id } = await registered();
  await logIn(email, password, aClient({ address: '192.0.2.77' }));
  await refusalOf(logIn(email, 'a wrong guess', aClient({ address: '198.51.100.1' })));
  await auth
    .database()
    .query(`UPDATE attempt_counters SET counted_at = now() - interval '1 day' WHERE subject LIKE '%192.0.2.%'`);
  await auth
    .database()
    .query(`UPDATE known_networks SET seen_at = now() - interval '181 days' WHERE network LIKE '192.0.2.%'`);
  await replica.get(AttemptsService).sweep();
  const subjects = await auth.database().query<{ subject: string }[]>('SELECT subject FROM attempt_counters');
  expect(subjects.map(({ subject }) => subject.replace(/:.*@/, ':…@')).toSorted()).toEqual([
    expect.stringMatching(/^account:[\w-]{43}$/),
    'network:198.51.100.0/24',
    'pair:…@198.51.100.0/24',
  ]);
  const networks = await auth
    .database()
    .query<{ network: string }[]>('SELECT network FROM known_networks WHERE account_id = $1', [id]);
  expect(networks).toHaveLength(1);
});
