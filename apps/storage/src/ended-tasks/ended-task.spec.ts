import { nextLook, strays } from './ended-task.js';

describe('a task that has ended', () => {
  it('is looked after at once, after the lease, after an hour and after more than a day, and then forgotten', () => {
    expect([0, 1, 2, 3, 4].map(nextLook)).toEqual([0, 300, 3600, 90_000, null]);
  });

  it('leaves as strays the objects that no file stands for', () => {
    expect(strays(['a', 'b'], [{ objectKey: 'b' }])).toEqual(['a']);
  });
});
