import { hash } from '@node-rs/argon2';
import { changePassword, openSession, registerAccount } from '#contracts';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';

let auth: AuthServers;

beforeAll(async () => {
  auth = await authServers();
  await auth.start();
}, 60_000);
afterAll(() => auth.drop());

const register = (about = anAccount()) => auth.rpc.call(registerAccount, about);
const logIn = (email: string, password: string) => auth.rpc.call(openSession, { email, password, client: aClient() });
const refusalAt = (pointer: string, message: RegExp) => ({
  code: 'invalid_parameters',
  details: { errors: [{ pointer, message: expect.stringMatching(message) }] },
});

describe('a password', () => {
  it.each(['8 chars!', 'x'.repeat(128), '  spaces and ключ 🔑  ', '🔑'.repeat(128), 'e\u0301'.repeat(8)])(
    'like %j is taken as it is, and nothing else for it',
    async (password) => {
      const request = anAccount({ password });
      await register(request);
      await logIn(request.email, password);
      const shorter = [...password].slice(0, -1).join('');
      for (const other of [shorter, `${shorter}~`, password.normalize('NFC').trim().slice(2)]) {
        await expect(logIn(request.email, other)).rejects.toMatchObject({ code: 'invalid_credentials' });
      }
    },
  );

  it.each([
    ['password', /guessed first/],
    ['QwertyUiop', /guessed first/],
    ['Grace.Hopper1906', /your e-mail address or your name/],
    ['rear admiral grace', /your e-mail address or your name/],
    ['lathe lathe lathe', /this service/],
    ['🔑'.repeat(7), /8 to 128 characters/],
    ['🔑'.repeat(129), /8 to 128 characters/],
  ])('like %j is refused at the registration and at a change', async (password, message) => {
    const about = { email: `grace.hopper@${anAccount().email.replace('@', '.')}`, display_name: 'Rear Admiral Grace' };
    await expect(register(anAccount({ ...about, password }))).rejects.toMatchObject(refusalAt('/password', message));
    const good = anAccount(about);
    const { user } = await register(good);
    const change = auth.rpc.call(changePassword, {
      account_id: user.id,
      session_id: user.id,
      current_password: good.password,
      new_password: password,
      client: good.client,
    });
    await expect(change).rejects.toMatchObject(refusalAt('/new_password', message));
    await logIn(good.email, good.password);
  });
});

describe('the least length of a password', () => {
  it('is a setting, and asks nothing of those who have a shorter one', async () => {
    const short = anAccount({ password: 'only 14 chars!' });
    const stricter = await authServers();
    try {
      await stricter.start({ PASSWORD_MIN_LENGTH: 15 });
      const refused = stricter.rpc.call(registerAccount, short);
      await expect(refused).rejects.toMatchObject(refusalAt('/password', /at least 15 characters/));
      const { email, client } = anAccount();
      const request = anAccount({ email, client, password: 'the 15 of these' });
      await stricter.rpc.call(registerAccount, request);
      await stricter
        .database()
        .query('UPDATE accounts SET password_hash = $2 WHERE email = $1', [email, await hash(short.password)]);
      await stricter.rpc.call(openSession, { email, password: short.password, client });
    } finally {
      await stricter.drop();
    }
  });
});
