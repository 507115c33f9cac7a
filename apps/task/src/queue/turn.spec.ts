import fc from 'fast-check';
import { roundOf, ticketsInARound, turnFor } from './turn.js';

/** A queue that does what PostgreSQL does with the turns. */
class Queue {
  waiting: { owner: number; turn: number }[] = [];
  private clock = 0;
  private tickets = 0;
  private readonly shares = new Map<number, number>();

  add(owner: number): number {
    const rounds = this.waiting.filter((task) => task.owner === owner).map(({ turn }) => roundOf(turn));
    const lastRound = rounds.length > 0 ? Math.max(...rounds) : null;
    const share = this.shares.get(owner) ?? 0;
    const turn = turnFor({ clock: this.clock, share, lastRound, ticket: this.tickets++ });
    this.waiting.push({ owner, turn });
    return turn;
  }

  /** Whose task is handed out. */
  next(): number | null {
    this.waiting.sort((a, b) => a.turn - b.turn);
    const task = this.waiting.shift();
    if (!task) return null;
    this.clock = Math.max(this.clock, roundOf(task.turn));
    this.shares.set(task.owner, roundOf(task.turn) + 1);
    return task.owner;
  }

  drop(owner: number): void {
    this.waiting = this.waiting.filter((task) => task.owner !== owner);
  }
}

type Move = { owner: number; kind: 'add' | 'next' | 'drop' };
const aMove: fc.Arbitrary<Move> = fc.record({
  owner: fc.nat(4),
  kind: fc.oneof<fc.WeightedArbitrary<Move['kind']>[]>(
    { weight: 5, arbitrary: fc.constant('add') },
    { weight: 4, arbitrary: fc.constant('next') },
    { weight: 1, arbitrary: fc.constant('drop') },
  ),
});
const after = (moves: Move[]): Queue => {
  const queue = new Queue();
  for (const { owner, kind } of moves) {
    if (kind === 'add') queue.add(owner);
    else if (kind === 'drop') queue.drop(owner);
    else queue.next();
  }
  return queue;
};

describe('turns', () => {
  it('let an account that comes wait for one task of each other account, however many they have', () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 200, size: 'max' }), (moves) => {
        const queue = after(moves);
        const others = new Set(queue.waiting.map(({ owner }) => owner)).size;
        queue.add(99);
        let before = 0;
        while (queue.next() !== 99) before++;
        expect(before).toBeLessThanOrEqual(others);
      }),
      { numRuns: 1000 },
    );
  });

  it('serve two accounts alike for as long as tasks of both wait', () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 100, size: 'max' }), fc.integer({ min: 1, max: 30 }), (moves, many) => {
        const queue = after(moves);
        for (let count = 0; count < many; count++) [7, 8].forEach((owner) => queue.add(owner));
        const served = { 7: 0, 8: 0 };
        while (served[7] < many && served[8] < many) {
          const owner = queue.next();
          if (owner === 7 || owner === 8) served[owner]++;
          expect(Math.abs(served[7] - served[8])).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('give an account that brings one task after the other no more than one that brought all of them at once', () => {
    const queue = after(Array.from({ length: 10 }, () => ({ owner: 1, kind: 'add' })));
    let served = 0;
    for (let count = 0; count < 20; count++) {
      if (!queue.waiting.some(({ owner }) => owner === 2)) queue.add(2);
      if (queue.next() === 1) served++;
    }
    expect(served).toBe(10);
  });

  it('cost nothing that is given back: an account that drops its tasks begins where the queue is', () => {
    const queue = after(Array.from({ length: 50 }, () => ({ owner: 1, kind: 'add' })));
    queue.drop(1);
    expect(roundOf(queue.add(1))).toBe(0);
  });

  it('save up nothing: an account that was away begins where the queue is', () => {
    const queue = after(Array.from({ length: 9 }, () => ({ owner: 1, kind: 'add' })));
    for (let count = 0; count < 5; count++) queue.next();
    expect(roundOf(queue.add(2))).toBe(4);
  });

  it('are all different, and in the order of arrival within a round', () => {
    const standing = { clock: 500_000_000, share: 3, lastRound: null };
    const turns = [0, 1, 2, ticketsInARound - 1].map((ticket) => turnFor({ ...standing, ticket }));
    expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    expect(new Set(turns).size).toBe(4);
    expect(new Set(turns.map(roundOf))).toEqual(new Set([500_000_000]));
  });
});
