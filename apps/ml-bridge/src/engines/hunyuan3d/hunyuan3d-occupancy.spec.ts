import { Occupancy, type Remote } from './hunyuan3d-occupancy.js';

const jobMs = 1000;
const aRemote = (uid: string): Remote => ({ uid, since: 0, process: null });

/** An occupancy of a job, which is looked at just when something else happens. */
async function isOverWhile(happens: (occupancy: Occupancy) => void): Promise<[isOver: boolean, later: boolean]> {
  const occupancy = new Occupancy(jobMs);
  occupancy.expect(aRemote('first'));
  const isOver = await occupancy.isOver(1, async () => {
    happens(occupancy);
    return true;
  });
  return [isOver, await occupancy.isOver(1, () => Promise.resolve(false))];
}

describe('a server that does not tell what runs', () => {
  it('is free when its job has ended, or its time is over', async () => {
    expect(await isOverWhile(() => undefined)).toEqual([true, true]);
    const occupancy = new Occupancy(jobMs);
    occupancy.begin(0);
    expect(await occupancy.isOver(jobMs - 1, () => Promise.resolve(true))).toBe(false);
    expect(await occupancy.isOver(jobMs, () => Promise.resolve(false))).toBe(true);
  });

  it('is not free for the end of one job when another began in the meantime', async () => {
    expect(await isOverWhile((occupancy) => occupancy.begin(0))).toEqual([false, false]);
    expect(await isOverWhile((occupancy) => occupancy.expect(aRemote('second')))).toEqual([false, false]);
  });

  it('is free when somebody else saw the end first', async () => {
    expect(await isOverWhile((occupancy) => occupancy.forget(aRemote('first')))).toEqual([true, true]);
  });
});
