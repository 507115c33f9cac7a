import { Logger } from '@nestjs/common';
import { eventually } from '#testing';
import type { StrandedService } from '../failover/stranded.service.js';
import { Dispatcher } from './dispatcher.service.js';
import type { HandOutService } from './hand-out.service.js';
import type { SweepsService } from './sweeps.service.js';

describe('a dispatcher', () => {
  const done: string[] = [];
  /** What each step still has to do: so many portions after which there is more, or a failure. */
  let left: Record<string, number | Error>;

  const step = async (name: string): Promise<boolean> => {
    done.push(name);
    const more = left[name] ?? 0;
    if (more instanceof Error) throw more;
    left[name] = more - 1;
    return more > 0;
  };
  const dispatcher = new Dispatcher(
    { giveGrace: async () => void done.push('grace'), sweep: step } as unknown as SweepsService,
    { rescue: () => step('rescue') } as unknown as StrandedService,
    { handOut: () => step('hand out') } as unknown as HandOutService,
  );
  const aRound = ['lease', 'deadline', 'cancel', 'hand out', 'rescue'];

  beforeEach(() => {
    left = {};
  });
  afterEach(async () => {
    await dispatcher.onModuleDestroy();
    done.length = 0;
  });

  it('gives every worker grace before it looks at anything, and looks at nothing after its end', async () => {
    dispatcher.wake();
    expect(done).toEqual([]);
    await dispatcher.onApplicationBootstrap();
    dispatcher.wake();
    await dispatcher.onModuleDestroy();
    expect(done).toEqual(['grace', ...aRound]);
    dispatcher.wake();
    expect(done).toEqual(['grace', ...aRound]);
  });

  it('goes on at once while there is more of anything, a portion of each in turn', async () => {
    await dispatcher.onApplicationBootstrap();
    left = { deadline: 20 };
    dispatcher.wake();
    await eventually(() => expect(done.filter((name) => name === 'deadline')).toHaveLength(21), 900, 5);
    expect(done.filter((name) => name === 'hand out')).toHaveLength(21);
  });

  it('hands out although something else fails, which it tries again at the next tick', async () => {
    const logged = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    await dispatcher.onApplicationBootstrap();
    left = { lease: new Error('the database is away') };
    dispatcher.wake();
    await eventually(() => expect(done).toEqual(['grace', ...aRound]));
    await eventually(() => expect(done).toEqual(['grace', ...aRound, ...aRound]), 3000);
    expect(logged).toHaveBeenCalledWith({ err: left.lease });
    logged.mockRestore();
  });

  it('looks once more when it was woken while it looked', async () => {
    await dispatcher.onApplicationBootstrap();
    for (let count = 0; count < 5; count++) dispatcher.wake();
    await eventually(() => expect(done).toEqual(['grace', ...aRound, ...aRound]), 900, 5);
  });
});
