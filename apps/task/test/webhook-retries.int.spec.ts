import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
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
    await bench.makeDue(owner);
    const second = await bench.tried(owner, 2, 'delivered');
    expect(second).toMatchObject({ response_status: 200, error: null });
    const [one, two] = bench.receiver.at('/again');
    const seconds = [first, second].map((it) => String(Math.floor(Date.parse(it.last_attempt_at!) / 1000)));
    expect([one, two].map((it) => it!.headers['webhook-timestamp'])).toEqual(seconds);
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
    const late: (() => void)[] = [];
    bench.receiver.answer = (answer, arrival) => void late.push(() => answers(500)(answer, arrival));
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
    for (const answer of late) answer(); // it was alive after all: what it says now is about a claim that is over
    await delay(300);
    expect(await bench.only(owner)).toMatchObject({ attempts: 2, status: 'delivered', response_status: 200 });
  });

  describe('because their hosts keep silent', () => {
    let slow: Receiver[];
    beforeEach(async () => {
      slow = await Promise.all(Array.from({ length: 8 }, (_, index) => new Receiver(`127.0.0.${index + 2}`).start()));
      for (const one of slow) one.answer = silence;
    });
    afterEach(async () => {
      await bench.looking.query('DELETE FROM webhook_deliveries');
      await Promise.all(slow.map((one) => one.stop()));
    });

    const endedAtOnce = (ended: () => Promise<unknown>) => Promise.all(Array.from({ length: 5 }, ended));
    const callsOnTheirWay = () => slow.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
    const isQuick = async (path: string) => {
      const begun = Date.now();
      await bench.ended(randomUUID(), bench.receiver.urlOf(path));
      await bench.arrivalAt(path);
      expect(Date.now() - begun).toBeLessThan(4000);
    };

    it('delay nobody else while one host of many accounts does', async () => {
      const url = slow[0]!.urlOf('/');
      for (let round = 0; round < 8; round++) await endedAtOnce(() => bench.ended(randomUUID(), url));
      await eventually(() => expect(callsOnTheirWay()).toBe(8)); // four of each replica
      await isQuick('/beside-a-slow-host');
      expect(callsOnTheirWay()).toBe(8);
    });

    it('delay nobody else while many hosts of one account do', async () => {
      const greedy = randomUUID();
      for (const host of slow) await endedAtOnce(() => bench.ended(greedy, host.urlOf('/')));
      await eventually(() => expect(callsOnTheirWay()).toBe(16)); // eight of each replica
      await isQuick('/beside-a-greedy-account');
      expect(callsOnTheirWay()).toBe(16);
    });
  });
});
