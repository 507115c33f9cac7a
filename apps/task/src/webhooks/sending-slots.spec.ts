import { SendingSlots } from './sending-slots.js';

const call = (host: string, ownerId: string) => ({ host, ownerId });

describe('calls at once', () => {
  it('leave nobody waiting while there are few', () => {
    const slots = new SendingSlots({ atOnce: 3, perHost: 2, perOwner: 2 });
    slots.take(call('a', 'x'));
    slots.take(call('b', 'y'));
    expect(slots.free).toBe(true);
    expect(slots.busy).toEqual({ hosts: [], owners: [] });
  });

  it('name the hosts and the owners that have enough of them', () => {
    const slots = new SendingSlots({ atOnce: 9, perHost: 2, perOwner: 3 });
    for (const [host, owner] of ['ax', 'ay', 'bx', 'cx'].map((pair) => pair.split(''))) slots.take(call(host!, owner!));
    expect(slots.busy).toEqual({ hosts: ['a'], owners: ['x'] });
  });

  it('are no more than there are slots, and make room when they end', () => {
    const slots = new SendingSlots({ atOnce: 2, perHost: 2, perOwner: 2 });
    const first = call('a', 'x');
    slots.take(first);
    slots.take(call('a', 'x'));
    expect(slots.free).toBe(false);
    slots.release(first);
    expect(slots.free).toBe(true);
    expect(slots.busy).toEqual({ hosts: [], owners: [] });
  });
});
