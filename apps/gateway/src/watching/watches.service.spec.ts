import { type Event, taskChanged, taskRemoved } from '#contracts';
import type { BroadcastListener } from '#messaging';
import type { Watch } from './watch.js';
import { mostOfAccount, mostOfGateway, WatchesService } from './watches.service.js';

/** What the gateway would hear. */
class Facts {
  missed: () => void = () => {};
  private readonly listeners = new Map<string, (fact: unknown) => void>();

  on({ key }: Event, hear: (fact: never) => void): void {
    this.listeners.set(key, hear as (fact: unknown) => void);
  }

  onMissed(catchUp: () => void): void {
    this.missed = catchUp;
  }

  tell({ key }: Event, fact: object): void {
    this.listeners.get(key)!(fact);
  }
}

describe('the watches of a gateway', () => {
  let facts: Facts;
  let watches: WatchesService;
  beforeEach(() => {
    jest.useFakeTimers();
    facts = new Facts();
    watches = new WatchesService(facts as unknown as BroadcastListener);
    watches.onModuleInit();
  });
  afterEach(() => void jest.useRealTimers());

  /** Whether there is news for it within the time. */
  const wakes = async (watch: Watch, withinMs = 0): Promise<boolean> => {
    let woken = false;
    void watch.news(3_600_000).then(() => (woken = true));
    await jest.advanceTimersByTimeAsync(withinMs);
    return woken;
  };

  it.each([taskChanged, taskRemoved])('are woken by $key, all of that task and no other', async (fact) => {
    const [one, another, other] = ['a', 'a', 'b'].map((task) => watches.begin('account', task)) as [
      Watch,
      Watch,
      Watch,
    ];
    facts.tell(fact, { task_id: 'a', seq: 2, owner_id: 'account' });
    expect(await Promise.all([one, another, other].map((watch) => wakes(watch)))).toEqual([true, true, false]);
  });

  it('keep news that come between two waits, and count many as one', async () => {
    const watch = watches.begin('account', 'a');
    for (let seq = 1; seq < 4; seq++) facts.tell(taskChanged, { task_id: 'a', seq });
    expect(await wakes(watch)).toBe(true);
    expect(await wakes(watch)).toBe(false);
  });

  it('all look within two seconds when facts were missed, but not in one moment', async () => {
    const all = Array.from({ length: 100 }, (_, task) => watches.begin(`account ${task}`, String(task)));
    let woken = 0;
    for (const watch of all) void watch.news(3_600_000).then(() => woken++);
    facts.missed();
    await jest.advanceTimersByTimeAsync(100);
    expect(woken).toBeLessThan(50);
    await jest.advanceTimersByTimeAsync(1900);
    expect(woken).toBe(100);
  });

  it('are at most so many of an account', () => {
    const all = Array.from({ length: mostOfAccount }, (_, task) => watches.begin('account', String(task)));
    expect(() => watches.begin('account', 'more')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
    watches.begin('another', 'more').end();
    all[0]!.end();
    all[0]!.end();
    watches.begin('account', 'more');
    expect(() => watches.begin('account', 'more')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  });

  it('are at most so many of a gateway', () => {
    for (let account = 0; account < mostOfGateway; account++) watches.begin(String(account), 'task');
    expect(() => watches.begin('more', 'task')).toThrow(expect.objectContaining({ code: 'service_unavailable' }));
    expect(watches.size).toBe(mostOfGateway);
  });

  it('end when the gateway leaves, and those that come then have ended', async () => {
    const watch = watches.begin('account', 'a');
    const news = watch.news(3_600_000);
    watches.onModuleDestroy();
    await news;
    expect(watch.ended).toBe(true);
    expect(watches.begin('account', 'a').ended).toBe(true);
    expect(watches.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
