import { randomUUID } from 'node:crypto';
import { accountErased, findTask, listRevocations, Problem, type Revocations, sessionsEnded } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aToken } from './tokens.js';
import { aTask } from './views.js';

const nothing: Revocations = { session_ids: [], account_ids: [], remember_seconds: 900 };

describe('a good token that was taken back', () => {
  let gateway: TestGateway;
  let revoked: Revocations;
  beforeEach(async () => {
    revoked = nothing;
    gateway = await aGateway();
    gateway.auth.answer(listRevocations, async () => revoked);
    gateway.task.answer(findTask, async ({ task_id }) => aTask({ task_id }));
  });
  afterEach(() => gateway.stop());

  const call = ({ accountId = randomUUID(), sessionId = randomUUID() }: { accountId?: string; sessionId?: string }) =>
    gateway.http
      .get(`/generate/${randomUUID()}`)
      .set('authorization', `Bearer ${aToken({ key: gateway.key, accountId, claims: { sid: sessionId } })}`);
  const expectRefused = async (about: { accountId?: string; sessionId?: string }, detail: string): Promise<void> => {
    const { body, headers } = await call(about).expect(401);
    expect(body).toMatchObject({ code: 'invalid_token', detail });
    expect(headers['www-authenticate']).toContain(`error="invalid_token", error_description="${detail}"`);
  };
  const end = (...session_ids: string[]) =>
    gateway.auth.announce(sessionsEnded, { account_id: randomUUID(), session_ids, reason: 'logged_out' });

  /** Again when it shows nothing: the broker lists a young connection late, and what is not listed is not dropped. */
  const reconnected = (check: () => Promise<void>): Promise<void> =>
    eventually(async () => {
      await gateway.broker.dropConnections();
      await eventually(check, 8000);
    }, 40_000);

  it('is refused soon after the end of its session, and no other is', async () => {
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    for (const sessionId of [first, second, other]) await call({ sessionId }).expect(200);
    await end(first, second);
    for (const sessionId of [first, second])
      await eventually(() => expectRefused({ sessionId }, 'The session has ended'));
    await call({ sessionId: other }).expect(200);
  });

  it('is refused soon after the erasure of its account', async () => {
    const accountId = randomUUID();
    await call({ accountId }).expect(200);
    await gateway.auth.announce(accountErased, { account_id: accountId });
    await eventually(() => expectRefused({ accountId }, 'The account has been erased'));
  });

  it('is refused although the gateway did not hear of it: it asks when it listens again', async () => {
    const [before, during] = [randomUUID(), randomUUID()];
    const accountId = randomUUID();
    await end(before);
    await eventually(() => expectRefused({ sessionId: before }, 'The session has ended'));
    revoked = { ...nothing, session_ids: [during], account_ids: [accountId] };
    await reconnected(() => expectRefused({ sessionId: during }, 'The session has ended'));
    await expectRefused({ sessionId: before }, 'The session has ended');
    await expectRefused({ accountId }, 'The account has been erased');
    await eventually(() => call({}).expect(200));
  }, 60_000);

  it('is forgotten when its token has expired by itself', async () => {
    const sessionId = randomUUID();
    revoked = { ...nothing, session_ids: [sessionId], remember_seconds: 2 };
    await reconnected(() => expectRefused({ sessionId }, 'The session has ended'));
    await eventually(async () => expect(await call({ sessionId })).toMatchObject({ status: 200 }), 5000);
  }, 60_000);
});

describe('a gateway that does not know what was taken back', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await aGateway({}, async () => {
      throw new Problem('service_unavailable');
    });
    gateway.task.answer(findTask, async ({ task_id }) => aTask({ task_id }));
  });
  afterEach(() => gateway.stop());

  it('is not ready and lets nobody in, until it knows', async () => {
    await eventually(async () => {
      const { body } = await gateway.http.get('/health/ready').expect(503);
      expect(body).toMatchObject({ detail: 'Not ready: revocations', details: { key_set: { status: 'up' } } });
    });
    const call = () => gateway.http.get(`/generate/${randomUUID()}`).set('authorization', gateway.bearer);
    const { body } = await call().expect(503);
    expect(body).toMatchObject({ code: 'service_unavailable' });
    gateway.auth.answer(listRevocations, async () => nothing);
    await eventually(async () => expect(await call()).toMatchObject({ status: 200 }));
    await gateway.http.get('/health/ready').expect(200);
  });
});
