import { percentAt } from './stage-percent.js';

const stages = [
  { name: 'shape', deadlineSeconds: null, weight: 3 },
  { name: 'texture', deadlineSeconds: null, weight: 1 },
];

describe('the percent of a job', () => {
  it.each([
    ['shape', 0, 0],
    ['shape', 0.5, 37],
    ['texture', undefined, 75],
    ['texture', 0.5, 87],
    ['texture', 1, 99],
    ['shape', 7, 75],
    ['shape', -1, 0],
    ['shape', Number.NaN, 0],
    ['something else', 0.5, 0],
  ])('in %s with %p of it done is %i', (stage, fraction, percent) => {
    expect(percentAt(stages, stage, fraction)).toBe(percent);
  });

  it('is 0 where there are no stages', () => expect(percentAt([], 'shape', 1)).toBe(0));
});
