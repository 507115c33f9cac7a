import {
  changeAccount,
  changePassword,
  countFiles,
  countTasks,
  eraseAccount,
  findAccount,
  openSession,
  Problem,
  registerAccount,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { anAccount, anOpenedSession } from './views.js';

const asked = jest.fn();
const answering =
  <T>(reply: T) =>
  async (request: unknown): Promise<T> => {
    asked(request);
    return reply;
  };

describe('accounts', () => {
  let gateway: TestGateway;
  const session = anOpenedSession();
  const { refresh_expires_at: _, ...tokens } = session;
  const account = anAccount();
  const credentials = { email: account.email, password: 'a long passphrase' };
  const client = { address: '127.0.0.1', user_agent: 'a test/1' };

  beforeAll(async () => {
    gateway = await aGateway({ UPLOAD_MAX_BYTES: '5000' });
    gateway.auth
      .answer(registerAccount, answering({ ...session, user: account }))
      .answer(openSession, answering(session))
      .answer(changeAccount, answering(account))
      .answer(changePassword, answering({}))
      .answer(eraseAccount, answering({}))
      .answer(findAccount, answering(account));
    gateway.task.answer(countTasks, async () => ({ queued: 2, running: 1, max_queued: 100 }));
    gateway.storage.answer(countFiles, async () => ({ files: 3, bytes: 12_345, max_files: 10_000, max_bytes: 1e9 }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => asked.mockClear());

  const call = (method: 'post' | 'patch' | 'put' | 'delete', path: string) =>
    gateway.http[method](path).set({ authorization: gateway.bearer, 'user-agent': client.user_agent });
  const sessionId = () =>
    (JSON.parse(Buffer.from(gateway.bearer.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid;

  it('are made', async () => {
    const { body } = await call('post', '/auth/register')
      .send({ ...credentials, display_name: 'Ada' })
      .expect(201);
    expect(body).toEqual({ ...tokens, user: account });
    expect(asked).toHaveBeenCalledWith({ ...credentials, display_name: 'Ada', client });
  });

  it('have one spelling of an address', async () => {
    await call('post', '/auth/login')
      .send({ ...credentials, email: ' ADA@Example.org ' })
      .expect(200);
    expect(asked).toHaveBeenCalledWith({ ...credentials, client });
  });

  it('say that an address is taken', async () => {
    gateway.auth.answer(registerAccount, async () => {
      throw new Problem('email_taken');
    });
    const { body } = await call('post', '/auth/register').send(credentials).expect(409);
    expect(body).toMatchObject({ code: 'email_taken' });
  });

  it('have a profile with their limits and what they use', async () => {
    const { body } = await gateway.http.get('/auth/profile').set('authorization', gateway.bearer).expect(200);
    expect(body).toEqual({
      ...account,
      limits: { max_queued_tasks: 100, upload_max_bytes: 5000, max_files: 10_000, max_bytes: 1e9 },
      usage: { queued: 2, running: 1, files: 3, bytes: 12_345 },
    });
    expect(asked).toHaveBeenCalledWith({ account_id: gateway.accountId });
  });

  it.each([{ display_name: 'Countess' }, { display_name: null }, {}])(
    'have a profile that %j changes',
    async (change) => {
      const { body } = await call('patch', '/auth/profile').send(change).expect(200);
      expect(body).toEqual(account);
      expect(asked).toHaveBeenCalledWith({ ...change, account_id: gateway.accountId });
    },
  );

  it('have a password, which is changed for the other sessions to end', async () => {
    const change = { current_password: 'old', new_password: 'a new passphrase' };
    expect((await call('put', '/auth/password').send(change).expect(204)).text).toBe('');
    const [request] = asked.mock.lastCall as unknown[];
    expect(request).toEqual({ ...change, account_id: gateway.accountId, session_id: sessionId(), client });
  });

  it('are erased by whoever knows the password', async () => {
    expect((await call('delete', '/auth/profile').send({ password: 'old' }).expect(202)).text).toBe('');
    expect(asked).toHaveBeenCalledWith({ password: 'old', account_id: gateway.accountId, client });
    await call('delete', '/auth/profile').expect(422);
    gateway.auth.answer(eraseAccount, async () => {
      throw new Problem('wrong_password');
    });
    const { body } = await call('delete', '/auth/profile').send({ password: 'no' }).expect(403);
    expect(body).toMatchObject({ code: 'wrong_password' });
  });

  it('are told by nothing but the token: no header names another, and no stranger an address', async () => {
    const forged = {
      'x-user-id': 'root',
      'x-account-id': 'root',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
    };
    await gateway.http
      .get('/auth/profile')
      .set({ ...forged, authorization: gateway.bearer })
      .expect(200);
    expect(asked).toHaveBeenCalledWith({ account_id: gateway.accountId });
    await gateway.http.get('/auth/profile').set(forged).expect(401);
    await call('post', '/auth/login').set(forged).send(credentials).expect(200);
    expect(asked).toHaveBeenLastCalledWith({ ...credentials, client });
    const { text } = await gateway.http.get('/').set(forged).expect(200);
    expect(text).not.toContain('evil.example');
  });
});

describe('accounts behind a proxy that is trusted', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await aGateway({ TRUST_PROXY: '127.0.0.1' });
    gateway.auth.answer(openSession, answering(anOpenedSession()));
  });
  afterAll(() => gateway.stop());

  it('are called from the address that the proxy names', async () => {
    await gateway.http
      .post('/auth/login')
      .set('x-forwarded-for', '198.51.100.1, 203.0.113.7')
      .send({ email: 'ada@example.org', password: 'x' })
      .expect(200);
    expect(asked).toHaveBeenLastCalledWith(
      expect.objectContaining({ client: { address: '203.0.113.7', user_agent: null } }),
    );
  });
});
