import {
  closeSession,
  countFiles,
  countTasks,
  findAccount,
  openSession,
  Problem,
  refreshSession,
  registerAccount,
  type TokenPair,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { anAccount } from './views.js';

const asked = jest.fn();
const answering =
  <T>(reply: T) =>
  async (request: unknown): Promise<T> => {
    asked(request);
    return reply;
  };

describe('accounts', () => {
  let gateway: TestGateway;
  const tokens: TokenPair = { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 600 };
  const account = anAccount();
  const credentials = { email: account.email, password: 'a long passphrase' };

  beforeAll(async () => {
    gateway = await aGateway({ UPLOAD_MAX_BYTES: '5000' });
    gateway.auth
      .answer(registerAccount, answering({ ...tokens, user: account }))
      .answer(openSession, answering(tokens))
      .answer(refreshSession, answering(tokens))
      .answer(closeSession, answering({}))
      .answer(findAccount, answering(account));
    gateway.task.answer(countTasks, async () => ({ queued: 2, running: 1, max_queued: 100 }));
    gateway.storage.answer(countFiles, async () => ({ files: 3, bytes: 12_345 }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => asked.mockClear());

  it('are made', async () => {
    const { body } = await gateway.http
      .post('/auth/register')
      .send({ ...credentials, display_name: 'Ada' })
      .expect(201);
    expect(body).toEqual({ ...tokens, user: account });
    expect(asked).toHaveBeenCalledWith({ ...credentials, display_name: 'Ada' });
  });

  it('have one spelling of an address', async () => {
    await gateway.http
      .post('/auth/login')
      .send({ ...credentials, email: ' ADA@Example.org ' })
      .expect(200);
    expect(asked).toHaveBeenCalledWith(credentials);
  });

  it('answer tokens that no cache keeps', async () => {
    for (const [path, body] of [
      ['/auth/login', credentials],
      ['/auth/refresh', { refresh_token: 'r' }],
    ] as const) {
      const answer = await gateway.http.post(path).send(body).expect(200).expect('cache-control', 'no-store');
      expect(answer.body).toEqual(tokens);
    }
  });

  it('say that an address is taken', async () => {
    gateway.auth.answer(registerAccount, async () => {
      throw new Problem('email_taken');
    });
    const { body } = await gateway.http.post('/auth/register').send(credentials).expect(409);
    expect(body).toMatchObject({ code: 'email_taken' });
  });

  it('are logged out, known or not', async () => {
    const { text } = await gateway.http.post('/auth/logout').send({ refresh_token: 'whatever' }).expect(204);
    expect(text).toBe('');
    expect(asked).toHaveBeenCalledWith({ refresh_token: 'whatever' });
  });

  it('have a profile with their limits and what they use', async () => {
    const { body } = await gateway.http.get('/auth/profile').set('authorization', gateway.bearer).expect(200);
    expect(body).toEqual({
      ...account,
      limits: { max_queued_tasks: 100, upload_max_bytes: 5000 },
      usage: { queued: 2, running: 1, files: 3, bytes: 12_345 },
    });
    expect(asked).toHaveBeenCalledWith({ account_id: gateway.accountId });
  });
});
