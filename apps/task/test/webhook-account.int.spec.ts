import { randomUUID } from 'node:crypto';
import { findWebhookSecret, listWebhookDeliveries, redeliverWebhook, rotateWebhookSecret } from '#contracts';
import { eventually } from '#testing';
import { answers, type Arrival, verified } from './receiver.js';
import { WebhookBench } from './webhook-bench.js';

describe('the webhooks of an account', () => {
  let bench: WebhookBench;
  beforeAll(async () => {
    bench = await WebhookBench.start();
  });
  beforeEach(() => bench.newReceiver());
  afterEach(() => bench.receiver.stop());
  afterAll(() => bench.stop());

  describe('are signed', () => {
    it('with a secret of the account alone', async () => {
      const [owner, other] = [randomUUID(), randomUUID()];
      await bench.ended(owner, bench.receiver.urlOf('/signed'));
      const arrival = await bench.arrivalAt('/signed');
      const own = await bench.secretOf(owner);
      verified(arrival, own);
      const foreign = await bench.secretOf(other);
      expect(() => verified(arrival, foreign)).toThrow('No matching signature');
      expect(() => verified({ ...arrival, body: `${arrival.body} ` }, own)).toThrow('No matching signature');
    });

    it('with both secrets for a day after a rotation, and with the new one alone afterwards', async () => {
      const account_id = randomUUID();
      const before = await bench.rpc.call(findWebhookSecret, { account_id });
      const after = await bench.rpc.call(rotateWebhookSecret, { account_id });
      expect(after).toMatchObject({ previous_secret: before.secret });
      expect(after.secret).not.toBe(before.secret);
      const leftMs = Date.parse(after.previous_expires_at!) - Date.now();
      expect(Math.round(leftMs / 60_000)).toBe(24 * 60);
      await bench.ended(account_id, bench.receiver.urlOf('/rotating'));
      const arrival = await bench.arrivalAt('/rotating');
      expect(arrival.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
      for (const { secret } of [before, after]) verified(arrival, secret);
      await bench.looking.query(
        "UPDATE webhook_secrets SET rotated_at = now() - interval '24 hours' WHERE account_id = $1",
        [account_id],
      );
      expect(await bench.rpc.call(findWebhookSecret, { account_id })).toEqual({
        secret: after.secret,
        previous_secret: null,
        previous_expires_at: null,
      });
      await bench.ended(account_id, bench.receiver.urlOf('/rotated'));
      const later = await bench.arrivalAt('/rotated');
      verified(later, after.secret);
      expect(() => verified(later, before.secret)).toThrow('No matching signature');
    });

    it('with secrets that are not in the database', async () => {
      const account_id = randomUUID();
      const { secret, previous_secret } = await bench.rpc.call(rotateWebhookSecret, { account_id });
      const rows = JSON.stringify(
        await bench.looking.query('SELECT * FROM webhook_secrets WHERE account_id = $1', [account_id]),
      );
      for (const one of [secret, previous_secret!]) expect(rows).not.toContain(one.slice(6, 20));
    });
  });

  describe('can be looked at', () => {
    it('in pages, newest first, all or those of one status, by their owner alone', async () => {
      const owner_id = randomUUID();
      bench.receiver.answer = (answer, { path }) => answers(path === '/bad' ? 500 : 200)(answer, {} as Arrival);
      for (const path of ['/one', '/bad', '/two']) {
        await bench.ended(owner_id, bench.receiver.urlOf(path));
        await bench.arrivalAt(path);
      }
      await eventually(async () =>
        expect((await bench.deliveriesOf(owner_id)).map(({ url, status }) => [new URL(url).pathname, status])).toEqual([
          ['/two', 'delivered'],
          ['/bad', 'pending'],
          ['/one', 'delivered'],
        ]),
      );
      const first = await bench.rpc.call(listWebhookDeliveries, { owner_id, limit: 2 });
      const rest = await bench.rpc.call(listWebhookDeliveries, { owner_id, limit: 2, cursor: first.next_cursor! });
      expect([first.items.length, rest.items.length, rest.next_cursor]).toEqual([2, 1, null]);
      const pending = await bench.rpc.call(listWebhookDeliveries, { owner_id, limit: 2, status: 'pending' });
      expect(pending.items.map(({ url }) => new URL(url).pathname)).toEqual(['/bad']);
      expect(await bench.deliveriesOf(randomUUID())).toEqual([]);
    });

    it('and sent again, under the same id; by their owner alone', async () => {
      const owner_id = randomUUID();
      await bench.ended(owner_id, bench.receiver.urlOf('/once-more'));
      const { id } = await bench.tried(owner_id, 1, 'delivered');
      const again = await bench.rpc.call(redeliverWebhook, { owner_id, delivery_id: id });
      expect(again).toMatchObject({ id, status: 'pending' });
      await bench.tried(owner_id, 2, 'delivered');
      expect(bench.receiver.at('/once-more').map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
      for (const [owner, delivery_id] of [
        [randomUUID(), id],
        [owner_id, randomUUID()],
      ]) {
        await expect(
          bench.rpc.call(redeliverWebhook, { owner_id: owner!, delivery_id: delivery_id! }),
        ).rejects.toMatchObject({
          code: 'not_found',
        });
      }
      expect(await bench.only(owner_id)).toMatchObject({ attempts: 2, status: 'delivered' });
    });
  });
});
