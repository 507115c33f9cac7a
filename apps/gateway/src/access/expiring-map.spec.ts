import { ExpiringMap } from './expiring-map.js';

describe('a map whose entries end', () => {
  it('gives an entry until its end', () => {
    const map = new ExpiringMap<string>(10);
    map.set('a', 'x', 100, 0);
    expect([map.get('a', 99), map.get('a', 100), map.get('b', 0)]).toEqual(['x', undefined, undefined]);
    expect(map.size).toBe(0);
  });

  it('forgets what has ended although nobody asks for it', () => {
    const map = new ExpiringMap<number>(10);
    for (let at = 0; at < 5; at++) map.set(`${at}`, at, 10, 0);
    map.set('late', 1, 20, 10);
    expect(map.size).toBe(1);
  });

  it('never grows beyond its limit, and says when that costs a living entry', () => {
    const map = new ExpiringMap<number>(2);
    expect([1, 2, 3].map((value) => map.set(`${value}`, value, 10, 0))).toEqual([false, false, true]);
    expect([map.size, map.get('1', 0), map.get('3', 0)]).toEqual([2, undefined, 3]);
  });

  it('puts a new value and end in the place of the old ones', () => {
    const map = new ExpiringMap<number>(2);
    map.set('a', 1, 10, 0);
    map.set('b', 1, 10, 0);
    expect(map.set('a', 2, 20, 0)).toBe(false);
    expect(map.get('a', 15)).toBe(2);
  });

  it('lets go of what matches', () => {
    const map = new ExpiringMap<number>(4);
    for (const value of [1, 2, 3]) map.set(`${value}`, value, 10, 0);
    map.deleteWhere((value) => value > 1);
    expect([map.size, map.get('1', 0)]).toEqual([1, 1]);
    map.clear();
    expect(map.size).toBe(0);
  });
});
