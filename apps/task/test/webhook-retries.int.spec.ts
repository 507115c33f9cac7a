import { randomUUID } from 'node:crypto';
import { eventually } from '#testing';
import { answers, Receiver, silence, verified } from './receiver.js';
import { WebhookBench } from './webhook-bench.js';

describe('webhooks that are not heard', () => {
  let bench: WebhookBench;
  beforeAll(async () => {
    bench = await WebhookBench.start();
  });
  beforeEach(() => bench.newReceiver());
  afterEach(() => bench.receiver.stop());
  afterAll(() => bench.stop());

  it('are sent again after five seconds, the same bytes under the same id, signed anew', async () => {
    const owner = randomUUID();
    bench.receiver.answer = answers(500);
    await bench.ended(owner, bench.receiver.urlOf('/again'));
    const first = await bench.tried(owner, 1, 'pending');
    expect(first).toMatchObject({ response_status: 500, error: 'The receiver answered 500.' });
    const pauseMs = Date.parse(first.next_attempt_at!) - Date.parse(first.last_attempt_at!);
    expect(pauseMs).toBeGreaterThan(4400);
    expect(pauseMs).toBeLessThan(7000);
    bench.receiver.answer = answers(200);
    await bench.looking.query("UPDATE webhook_deliveries SET last_attempt_at = now() - interval '1 minute'");
    await bench.makeDue(owner);
    expect(await bench.tried(owner, 2, 'delivered')).toMatchObject({ response_status: 200, error: null });
    const [one, two] = bench.receiver.at('/again');
    expect(two!.body).toBe(one!.body);
    expect(two!.headers['webhook-id']).toBe(one!.headers['webhook-id']);
    const secret = await bench.secretOf(owner);
    expect(verified(one!, secret)).toEqual(verified(two!, secret));
  });

  it('have failed after nine tries', async () => {
    const owner = randomUUID();
    bench.receiver.answer = answers(503);
    await bench.ended(owner, bench.receiver.urlOf('/down'));
    await bench.tried(owner, 1, 'pending');
    await bench.looking.query('UPDATE webhook_deliveries SET attempts = 7 WHERE owner_id = $1', [owner]);
    await bench.makeDue(owner);
    const eighth = await bench.tried(owner, 8, 'pending');
    const hours = (Date.parse(eighth.next_attempt_at!) - Date.parse(eighth.last_attempt_at!)) / 3_600_000;
    expect(Math.round(hours)).toBeGreaterThanOrEqual(7);
    expect(Math.round(hours)).toBeLessThanOrEqual(9);
    await bench.makeDue(owner);
    expect(await bench.tried(owner, 9, 'failed')).toMatchObject({ response_status: 503, next_attempt_at: null });
  });

  it('are given up by 410, with all that wait for the same address of the account', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    bench.receiver.answer = answers(500);
    const url = bench.receiver.urlOf('/gone');
    await bench.ended(owner, url);
    await bench.ended(owner, url);
    await bench.ended(owner, bench.receiver.urlOf('/alive'));
    await bench.ended(other, url);
    await eventually(async () => {
      const all = [...(await bench.deliveriesOf(owner)), ...(await bench.deliveriesOf(other))];
      expect(all.map(({ attempts, response_status }) => [attempts, response_status])).toEqual(all.map(() => [1, 500]));
    });
    bench.receiver.answer = answers(410);
    await bench.looking.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id =
       (SELECT id FROM webhook_deliveries WHERE owner_id = $1 AND url = $2 LIMIT 1)`,
      [owner, url],
    );
    await eventually(async () => {
      const found = (await bench.deliveriesOf(owner)).map((it) => [new URL(it.url).pathname, it.status, it.error]);
      expect(found).toEqual([
        ['/alive', 'pending', 'The receiver answered 500.'],
        ['/gone', 'failed', 'The receiver answered 410.'],
        ['/gone', 'failed', 'The receiver answered 410.'],
      ]);
    });
    expect(bench.receiver.arrivals).toHaveLength(5);
    expect(await bench.only(other)).toMatchObject({ status: 'pending' });
  });

  it('follow no redirect', async () => {
    const owner = randomUUID();
    bench.receiver.answer = answers(307, { location: bench.receiver.urlOf('/elsewhere') });
    await bench.ended(owner, bench.receiver.urlOf('/moved'));
    expect((await bench.tried(owner, 1, 'pending')).error).toBe(
      'The receiver answered 307. Redirects are not followed.',
    );
    expect(bench.receiver.at('/elsewhere')).toEqual([]);
  });

  it('are sent again when the replica that sent them never wrote down what came of it', async () => {
    const owner = randomUUID();
    bench.receiver.answer = silence;
    await bench.ended(owner, bench.receiver.urlOf('/crash'));
    await bench.arrivalAt('/crash');
    const claimed = await bench.only(owner);
    const claimMs = Date.parse(claimed.next_attempt_at!) - Date.parse(claimed.last_attempt_at!);
    expect(claimMs).toBeGreaterThan(30_000); // longer than a call takes
    bench.receiver.answer = answers(200);
    await bench.makeDue(owner);
    await bench.tried(owner, 2, 'delivered');
    const [one, two] = bench.receiver.at('/crash');
    expect(two!.headers['webhook-id']).toBe(one!.headers['webhook-id']);
    expect(two!.body).toBe(one!.body);
  });

  it('delay nobody else while their host keeps silent', async () => {
    const slow = await Promise.all(
      ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].map((it) => new Receiver(it).start()),
    );
    for (const one of slow) one.answer = silence;
    const owners = Array.from({ length: 12 }, () => randomUUID());
    for (const owner of owners) for (let i = 0; i < 4; i++) await bench.ended(owner, slow[0]!.urlOf('/'));
    const greedy = randomUUID();
    for (const host of slow) await bench.ended(greedy, host.urlOf('/greedy'));
    await eventually(() => expect(slow[0]!.arrivals.length).toBeGreaterThan(3));
    const begun = Date.now();
    await bench.ended(randomUUID(), bench.receiver.urlOf('/quick'));
    await bench.arrivalAt('/quick');
    expect(Date.now() - begun).toBeLessThan(4000);
    expect(slow[0]!.arrivals.length).toBeLessThanOrEqual(8); // four of each replica
    await bench.looking.query('DELETE FROM webhook_deliveries');
    await Promise.all(slow.map((one) => one.stop()));
  });
});
