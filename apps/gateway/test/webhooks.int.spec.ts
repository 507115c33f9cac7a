import { randomUUID } from 'node:crypto';
import {
  findWebhookSecret,
  listWebhookDeliveries,
  Problem,
  redeliverWebhook,
  rotateWebhookSecret,
  type WebhookDeliveryView,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';

const delivery: WebhookDeliveryView = {
  id: randomUUID(),
  task_id: randomUUID(),
  type: 'task.succeeded',
  url: 'https://example.org/hooks',
  status: 'pending',
  attempts: 1,
  response_status: 500,
  error: 'The receiver answered 500.',
  created_at: '2026-01-02T03:04:05.000Z',
  last_attempt_at: '2026-01-02T03:04:06.000Z',
  next_attempt_at: '2026-01-02T03:04:11.000Z',
};

describe('webhooks over HTTP', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await aGateway();
  });
  afterAll(() => gateway.stop());

  const at = (method: 'get' | 'post', path: string) =>
    gateway.http[method](`/webhooks${path}`).set('authorization', gateway.bearer);

  it('show the secret of the account, to be kept nowhere on the way', async () => {
    const secret = { secret: 'whsec_bmV3', previous_secret: null, previous_expires_at: null };
    const asked = jest.fn(async () => secret);
    gateway.task.answer(findWebhookSecret, asked);
    const { body, headers } = await at('get', '/secret').expect(200);
    expect(body).toEqual(secret);
    expect(headers['cache-control']).toContain('no-store');
    expect(asked).toHaveBeenCalledWith({ account_id: gateway.accountId }, expect.anything());
  });

  it('change the secret of the account', async () => {
    const secrets = { secret: 'whsec_bmV3', previous_secret: 'whsec_b2xk', previous_expires_at: delivery.created_at };
    const asked = jest.fn(async () => secrets);
    gateway.task.answer(rotateWebhookSecret, asked);
    expect((await at('post', '/secret/rotate').expect(200)).body).toEqual(secrets);
    expect(asked).toHaveBeenCalledWith({ account_id: gateway.accountId }, expect.anything());
  });

  it('are listed, in pages, all or those of one status', async () => {
    const asked = jest.fn(async () => ({ items: [delivery], next_cursor: 'next' }));
    gateway.task.answer(listWebhookDeliveries, asked);
    const { body } = await at('get', '/deliveries?limit=5&cursor=abc&status=failed').expect(200);
    expect(body).toEqual({ items: [delivery], next_cursor: 'next' });
    await at('get', '/deliveries').expect(200);
    const owner_id = gateway.accountId;
    expect(asked.mock.calls.map(([request]: unknown[]) => request)).toEqual([
      { owner_id, limit: 5, cursor: 'abc', status: 'failed' },
      { owner_id, limit: 20 },
    ]);
  });

  it.each([
    ['status=gone', '/status'],
    ['status=failed&status=pending', '/status'],
    ['limit=0', '/limit'],
    ['cursor=!', '/cursor'],
  ])('are not listed by %s', async (query, pointer) => {
    const { body } = await at('get', `/deliveries?${query}`).expect(422);
    expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
  });

  it('are sent again; a missing one, or that of another, is a 404', async () => {
    gateway.task.answer(redeliverWebhook, async ({ owner_id, delivery_id }) => {
      if (owner_id !== gateway.accountId || delivery_id !== delivery.id) throw new Problem('not_found');
      return delivery;
    });
    expect((await at('post', `/deliveries/${delivery.id}/redeliver`).expect(202)).body).toEqual(delivery);
    for (const id of [randomUUID(), 'no-id']) await at('post', `/deliveries/${id}/redeliver`).expect(404);
  });
});
