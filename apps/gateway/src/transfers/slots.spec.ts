import { Slots } from './slots.js';

describe('slots', () => {
  it('are so many for each holder, and so many for all together', () => {
    const slots = new Slots({ total: 3, perHolder: 2 });
    slots.take('ada');
    slots.take('ada');
    expect(slots.limitReached('ada')).toBe('own');
    expect(slots.limitReached('eve')).toBeNull();
    slots.take('eve');
    expect(slots.limitReached('eve')).toBe('total');
    expect(slots.limitReached('ada')).toBe('own');
    slots.release('ada');
    expect([slots.limitReached('ada'), slots.limitReached('eve')]).toEqual([null, null]);
  });

  it('are forgotten with the last that a holder gives back', () => {
    const slots = new Slots({ total: 3, perHolder: 2 });
    slots.take('ada');
    slots.take('ada');
    slots.release('ada');
    expect(slots.holders).toBe(1);
    slots.release('ada');
    expect(slots.holders).toBe(0);
    expect(slots.limitReached('ada')).toBeNull();
  });
});
