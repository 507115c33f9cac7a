import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { findTask, keySetChanged, openSession, Problem, readKeySet, refreshSession } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aSigningKey, aToken, type SigningKey } from './tokens.js';
import { aTask } from './views.js';

describe('the keys of access tokens', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await aGateway({ RPC_TIMEOUT_MS: '2000', RATE_LIMITS: 'off' });
    gateway.task.answer(findTask, async ({ task_id }) => aTask({ task_id }));
  });
  afterEach(() => gateway.stop());

  const call = (key: SigningKey) =>
    gateway.http.get(`/generate/${randomUUID()}`).set('authorization', `Bearer ${aToken({ key })}`);
  const publish = (...keys: SigningKey[]) => {
    const asked = jest.fn(async () => ({ keys: keys.map(({ published }) => published) }));
    gateway.auth.answer(readKeySet, asked);
    return asked;
  };
  const published = async (): Promise<string[]> => {
    const { body } = await gateway.http.get('/.well-known/jwks.json').expect(200);
    return (body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  };

  it('are asked for again, once, when tokens name one that is not known', async () => {
    const rotated = aSigningKey();
    const asked = publish(rotated, gateway.key);
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(rotated)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(asked).toHaveBeenCalledTimes(1);
    await call(gateway.key).expect(200);
  });

  it('are asked for once a second at most, however many tokens name an invented one', async () => {
    const asked = publish(gateway.key);
    const begun = performance.now();
    for (let made = 0; made < 20; made++) await call(aSigningKey()).expect(401);
    const seconds = Math.floor((performance.now() - begun) / 1000);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(1 + seconds);
  });

  it('become known soon although their announcement was missed and tokens with invented ones rain down', async () => {
    await call(aSigningKey()).expect(401);
    const rotated = aSigningKey();
    publish(rotated, gateway.key);
    await eventually(async () => {
      await call(aSigningKey()).expect(401);
      expect(await call(rotated)).toMatchObject({ status: 200 });
    });
  });

  it('rotate without a refused request: the new one is known before a token names it, the old one until it is withdrawn', async () => {
    const rotated = aSigningKey();
    const asked = publish(rotated, gateway.key);
    const done = new AbortController();
    const statuses = new Set<number>();
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!done.signal.aborted) statuses.add((await call(gateway.key)).status);
      }),
    );
    await gateway.auth.announce(keySetChanged, {});
    await eventually(async () =>
      expect(await published()).toEqual([rotated, gateway.key].map((key) => key.published.kid)),
    );
    expect(asked).toHaveBeenCalledTimes(1);
    for (const key of [rotated, gateway.key]) await call(key).expect(200);
    expect(asked).toHaveBeenCalledTimes(1);
    done.abort();
    await load;
    expect([...statuses]).toEqual([200]);
    publish(rotated);
    await gateway.auth.announce(keySetChanged, {});
    await eventually(async () => expect(await call(gateway.key)).toMatchObject({ status: 401 }));
    await call(rotated).expect(200);
  });

  it('go on working while the auth service is away, and only logging in and refreshing do not', async () => {
    await gateway.auth.stop();
    expect(await call(gateway.key)).toMatchObject({ status: 200 });
    expect(await call(aSigningKey())).toMatchObject({ status: 401 });
    expect(await gateway.http.get('/health/ready')).toMatchObject({ status: 200 });
    for (const [path, body] of [
      ['login', { email: 'ada@example.org', password: 'x' }],
      ['refresh', { refresh_token: 'r' }],
    ] as const) {
      const answer = await gateway.http.post(`/auth/${path}`).send(body).expect(503);
      expect(answer.body).toMatchObject({ code: 'service_unavailable' });
    }
  });

  it('go on working while the auth service hangs', async () => {
    const release = new EventEmitter();
    const hang = async () => {
      await once(release, 'now');
      throw new Problem('service_unavailable');
    };
    gateway.auth.answer(openSession, hang).answer(refreshSession, hang).answer(readKeySet, hang);
    expect(await call(gateway.key)).toMatchObject({ status: 200 });
    await gateway.http.post('/auth/refresh').send({ refresh_token: 'r' }).expect(503);
    release.emit('now');
  });
});
