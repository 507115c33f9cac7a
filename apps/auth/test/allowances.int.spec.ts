import { takeAllowance } from '#contracts';
import { AllowancesService } from '../src/allowances/allowances.service.js';
import { type AuthServers, authServers } from './auth-service.js';

describe('an allowance', () => {
  let auth: AuthServers;
  beforeAll(async () => {
    auth = await authServers();
    await auth.start();
    await auth.start();
  }, 60_000);
  afterAll(() => auth.drop());

  const take = (bucket: string, points: number, limit = 100, window_seconds = 60) =>
    auth.rpc.call(takeAllowance, { bucket, points, limit, window_seconds });
  const endWindow = (bucket: string) =>
    auth.database().query('UPDATE allowances SET resets_at = now() WHERE bucket = $1', [bucket]);

  it('is given until the window is spent, and again in the next one', async () => {
    expect(await take('account:a', 60)).toEqual({ granted: 60, remaining: 40, resets_in_ms: 60_000 });
    expect(await take('account:a', 60)).toMatchObject({ granted: 40, remaining: 0 });
    expect(await take('account:a', 1)).toMatchObject({ granted: 0, remaining: 0 });
    await endWindow('account:a');
    expect(await take('account:a', 60)).toEqual({ granted: 60, remaining: 40, resets_in_ms: 60_000 });
  });

  it('is each bucket’s own', async () => {
    await take('address:192.0.2.1', 100);
    expect(await take('address:2001:db8:0:1::/64', 100)).toMatchObject({ granted: 100 });
  });

  it('ends with the window that it began with', async () => {
    const { resets_in_ms: first } = await take('account:b', 1, 100, 5);
    const { resets_in_ms: second } = await take('account:b', 1, 100, 3600);
    expect(first).toBe(5000);
    expect(second).toBeLessThanOrEqual(5000);
  });

  it('is never more than the limit, however many ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => take('account:c', 7, 1000)));
    expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(1000);
  });

  it.each(['', 'a', 'Account:a', 'a:', 'a:b c', `a:${'b'.repeat(101)}`])('has no bucket %j', async (bucket) => {
    await expect(take(bucket, 1)).rejects.toMatchObject({ code: 'invalid_parameters' });
  });

  it('is forgotten when its window is over', async () => {
    await take('account:over', 1);
    await take('account:under-way', 1);
    await endWindow('account:over');
    const replica = await auth.start();
    await replica.get(AllowancesService).sweep();
    const left = await auth.database().query<{ bucket: string }[]>('SELECT bucket FROM allowances');
    const buckets = left.map(({ bucket }) => bucket);
    expect(buckets).toContain('account:under-way');
    expect(buckets).not.toContain('account:over');
  });
});
