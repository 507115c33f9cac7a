import { randomUUID } from 'node:crypto';
import {
  closeSession,
  endSession,
  listSessions,
  openSession,
  Problem,
  refreshSession,
  registerAccount,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { anAccount, anOpenedSession } from './views.js';

const page = 'https://app.example.org';
const credentials = { email: 'ada@example.org', password: 'a long passphrase' };
const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/auth; Max-Age=';
const cleared = [`lathe_refresh_token=; ${attributes}0`];

describe('a session', () => {
  let gateway: TestGateway;
  const [opened, refreshed, closed] = [jest.fn(), jest.fn(), jest.fn()];
  const next = anOpenedSession({ refresh_token: 'next' });
  const { refresh_expires_at: _, ...tokens } = next;
  const { refresh_token: __, ...withoutRefreshToken } = tokens;

  beforeAll(async () => {
    gateway = await aGateway({ CORS_ORIGINS: page });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    opened.mockReset().mockResolvedValue(next);
    refreshed.mockReset().mockResolvedValue(next);
    closed.mockReset().mockResolvedValue({});
    gateway.auth
      .answer(registerAccount, async () => ({ ...next, user: anAccount() }))
      .answer(openSession, (request) => opened(request) as Promise<typeof next>)
      .answer(refreshSession, (request) => refreshed(request) as Promise<typeof next>)
      .answer(closeSession, (request) => closed(request) as Promise<object>);
  });

  const post = (path: string) => gateway.http.post(`/auth/${path}`).set('user-agent', 'Firefox');
  const client = { address: '127.0.0.1', user_agent: 'Firefox' };
  const fromPage = (path: string, cookie?: string) =>
    post(`${path}?session=cookie`).set({ origin: page, ...(cookie ? { cookie } : {}) });
  const cookieOf = ({ headers }: { headers: Record<string, unknown> }) => headers['set-cookie'] as string[] | undefined;
  const refuse = async () => {
    throw new Problem('invalid_refresh_token');
  };

  it.each([
    ['login', credentials],
    ['refresh', { refresh_token: 'r' }],
  ])('begins or goes on with tokens that no cache keeps: %s', async (path, body) => {
    const answer = await post(path).send(body).expect(200).expect('cache-control', 'no-store');
    expect(answer.body).toEqual(tokens);
    expect(cookieOf(answer)).toBeUndefined();
  });

  it('goes on with the token of the body, and a body is needed', async () => {
    await post('refresh').send({ refresh_token: 'r' }).expect(200);
    expect(refreshed).toHaveBeenCalledWith({ refresh_token: 'r', client });
    await post('refresh').expect(422);
    await post('refresh').send({ refresh_token: 'r', scopes: [] }).expect(422);
    await post('refresh').set('cookie', 'lathe_refresh_token=r').expect(422);
    await post('refresh').set('content-type', 'application/json').send('{').expect(400);
    expect(refreshed).toHaveBeenCalledTimes(1);
  });

  it('is ended by whoever has its refresh token', async () => {
    expect((await post('logout').send({ refresh_token: 'r' }).expect(204)).text).toBe('');
    await post('logout').send({ refresh_token: 'r', more: 'of it' }).expect(204);
    expect(closed.mock.calls).toEqual([[{ refresh_token: 'r' }], [{ refresh_token: 'r' }]]);
  });

  it.each([
    ['half an object', 'application/json', '{"refresh_token":'],
    ['nothing', 'application/json', ''],
    ['a list', 'application/json', '[]'],
    ['a number for a token', 'application/json', '{"refresh_token":5}'],
    ['a long token', 'application/json', JSON.stringify({ refresh_token: 'x'.repeat(513) })],
    ['a long body', 'application/json', `"${'x'.repeat(300_000)}"`],
    ['a token with NUL', 'application/json', String.raw`{"refresh_token":"a\u0000b"}`],
    ['text', 'text/plain', 'r'],
    ['a urlencoded form', 'application/x-www-form-urlencoded', 'refresh_token=r'],
    ['a form', 'multipart/form-data; boundary=a', '--a--'],
  ])('is not asked for when logging out with %s: the answer is the same', async (_what, type, body) => {
    expect((await post('logout').set('content-type', type).send(body).expect(204)).text).toBe('');
    expect(closed).not.toHaveBeenCalled();
  });

  it('is not said to be ended when nobody could end it', async () => {
    closed.mockImplementation(async () => {
      throw new Problem('service_unavailable');
    });
    const { body } = await post('logout').send({ refresh_token: 'r' }).expect(503);
    expect(body).toMatchObject({ code: 'service_unavailable' });
  });

  describe('of a browser', () => {
    it.each([
      ['register', 201],
      ['login', 200],
    ])('has its refresh token in a cookie from the start: %s', async (path, status) => {
      const answer = await fromPage(path).send(credentials).expect(status);
      expect(cookieOf(answer)).toEqual([
        expect.stringMatching(`^lathe_refresh_token=next; ${attributes}3(5[6-9]\\d|600)$`),
      ]);
      expect(answer.body).toMatchObject(withoutRefreshToken);
      expect(answer.body).not.toHaveProperty('refresh_token');
      expect(answer.body).not.toHaveProperty('refresh_expires_at');
    });

    it('goes on with the cookie, which is replaced', async () => {
      for (const call of [
        fromPage('refresh', 'a=b; lathe_refresh_token=r'),
        fromPage('refresh', 'lathe_refresh_token=r').send({}),
        fromPage('refresh', 'lathe_refresh_token=r').set('content-type', 'application/json').send(''),
      ]) {
        const answer = await call.expect(200);
        expect(answer.body).toEqual(withoutRefreshToken);
        expect(cookieOf(answer)).toEqual([expect.stringMatching('^lathe_refresh_token=next; HttpOnly; Secure;')]);
      }
      expect(refreshed.mock.calls).toEqual(Array.from({ length: 3 }, () => [{ refresh_token: 'r', client }]));
    });

    it('has no cookie any more when its token was refused, or there was none', async () => {
      refreshed.mockImplementation(refuse);
      for (const cookie of ['lathe_refresh_token=spent', undefined, 'lathe_refresh_token=a; lathe_refresh_token=b']) {
        const answer = await fromPage('refresh', cookie).expect(401);
        expect(answer.body).toMatchObject({ code: 'invalid_refresh_token' });
        expect(cookieOf(answer)).toEqual(cleared);
      }
      expect(refreshed).toHaveBeenCalledTimes(1);
    });

    it('keeps its cookie when auth is away', async () => {
      refreshed.mockImplementation(async () => {
        throw new Problem('service_unavailable');
      });
      expect(cookieOf(await fromPage('refresh', 'lathe_refresh_token=r').expect(503))).toBeUndefined();
    });

    it('takes no token from a body', async () => {
      await fromPage('refresh', 'lathe_refresh_token=r').send({ refresh_token: 'other' }).expect(422);
      expect(refreshed).not.toHaveBeenCalled();
    });

    it.each([undefined, '', '{"refresh_token":'])(
      'ends, and its cookie with it, whatever the body: %j',
      async (body) => {
        const call = fromPage('logout', 'lathe_refresh_token=r');
        const answer = await (
          body === undefined ? call : call.set('content-type', 'application/json').send(body)
        ).expect(204);
        expect(cookieOf(answer)).toEqual(cleared);
        expect(closed).toHaveBeenCalledWith({ refresh_token: 'r' });
      },
    );

    it('is not said to be ended when its body is of a kind that nobody reads', async () => {
      const call = fromPage('logout', 'lathe_refresh_token=r').set('content-type', 'text/plain').send('r');
      expect((await call.expect(415)).body).toMatchObject({ code: 'unsupported_media_type' });
    });

    it.each(['register', 'login', 'refresh', 'logout'])('may %s from a page of this site', async (path) => {
      await post(`${path}?session=cookie`)
        .set({ origin: gateway.url, cookie: 'lathe_refresh_token=r' })
        .send(path === 'register' || path === 'login' ? credentials : {})
        .expect((answer) => expect(answer.status).toBeLessThan(300));
    });

    it.each([
      undefined,
      'https://evil.example',
      'null',
      '',
      `${page}.evil.example`,
      `${page}/`,
      'https://127.0.0.1',
      '*',
    ])('may do nothing from the origin %j, and nobody is asked', async (origin) => {
      for (const path of ['register', 'login', 'refresh', 'logout']) {
        const call = post(`${path}?session=cookie`).set('cookie', 'lathe_refresh_token=r');
        const answer = await (origin === undefined ? call : call.set('origin', origin)).send(credentials).expect(403);
        expect(answer.body).toMatchObject({ code: 'origin_not_allowed' });
        expect(cookieOf(answer)).toBeUndefined();
      }
      for (const ask of [opened, refreshed, closed]) expect(ask).not.toHaveBeenCalled();
    });

    it.each(['register', 'login', 'refresh', 'logout'])('is asked for by one word only: %s', async (path) => {
      for (const query of ['session=cookies', 'session=', 'session=cookie&session=cookie']) {
        const { body } = await post(`${path}?${query}`).set('origin', page).send(credentials).expect(422);
        expect(body).toMatchObject({ errors: [{ pointer: '/session' }] });
      }
    });
  });

  describe('of an account', () => {
    const at = (method: 'get' | 'delete', path = '') =>
      gateway.http[method](`/auth/sessions${path}`).set('authorization', gateway.bearer);
    const claims = () =>
      JSON.parse(Buffer.from(gateway.bearer.split('.')[1]!, 'base64url').toString()) as { sid: string; sub: string };

    it('is listed, in pages, as the one that asks or not', async () => {
      const asked = jest.fn(async () => ({ items: [], next_cursor: null }));
      gateway.auth.answer(listSessions, asked);
      expect((await at('get', '?limit=100').expect(200)).body).toEqual({ items: [], next_cursor: null });
      const { sid: session_id, sub: account_id } = claims();
      const [request] = asked.mock.calls[0] as unknown[];
      expect(request).toEqual({ account_id, session_id, limit: 100 });
    });

    it.each([
      ['limit=0', '/limit'],
      ['limit=101', '/limit'],
      ['limit=', '/limit'],
      ['limit=ten', '/limit'],
      ['limit=1e1', '/limit'],
      ['limit=-1', '/limit'],
      ['limit=1&limit=2', '/limit'],
      ['cursor=', '/cursor'],
      ['cursor=a%20b', '/cursor'],
      [`cursor=${'a'.repeat(201)}`, '/cursor'],
    ])('is not listed by %s', async (query, pointer) => {
      for (const path of ['/auth/sessions', '/auth/api-keys']) {
        const { body } = await gateway.http.get(`${path}?${query}`).set('authorization', gateway.bearer).expect(422);
        expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
      }
    });

    it('is ended; a missing one, or that of another, is a 404', async () => {
      const mine = randomUUID();
      gateway.auth.answer(endSession, async ({ account_id, session_id }) => {
        if (account_id !== gateway.accountId || session_id !== mine) throw new Problem('not_found');
        return {};
      });
      expect((await at('delete', `/${mine}`).expect(204)).text).toBe('');
      for (const id of [randomUUID(), 'no-id']) {
        expect((await at('delete', `/${id}`).expect(404)).body).toMatchObject({ code: 'not_found' });
      }
    });
  });
});
