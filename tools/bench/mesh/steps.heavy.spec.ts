import { measure } from './measure.js';
import { packed } from './models.js';
import { optionsFrom } from './options.js';
import { type Step, steps } from './steps.js';
import { tableOf, verdictOf } from './table.js';

describe('the benchmark of models', () => {
  it.each(steps)('measures: $name', async (step) => {
    const glb = await packed('small', step.packing);
    const { name, milliseconds, peakMemory } = await measure(step, glb, { first: 0, measured: 1 });
    expect(name).toBe(step.name);
    expect(milliseconds).toBeGreaterThan(0);
    expect(peakMemory).toBeGreaterThan(20);
  });

  it('takes the middle of the runs and not the first, which warms up', async () => {
    const now = jest.spyOn(performance, 'now');
    for (const time of [0, 60, 100, 101, 200, 202, 300, 330]) now.mockReturnValueOnce(time);
    const nothing: Step = { name: 'nothing', packing: 'plain', target: null, prepare: async () => () => undefined };
    const { milliseconds } = await measure(nothing, new Uint8Array(), { first: 1, measured: 3 });
    expect(milliseconds).toBe(2);
    now.mockRestore();
  });

  it('prints what was promised beside what was measured', () => {
    const [slow, fat, fine] = [
      { name: 'FBX', milliseconds: 501, cpu: 1_250, peakMemory: 100 },
      { name: 'PLY', milliseconds: 9_000, cpu: 9_000, peakMemory: 401 },
      { name: 'STL', milliseconds: 200, cpu: 100, peakMemory: 400 },
    ];
    const stepOf = (name: string) => steps.find((step) => step.name === name)!;
    const verdicts = [slow, fat, fine].map((measured) => verdictOf(stepOf(measured.name), measured));
    expect(verdicts.map(({ kept }) => kept)).toEqual([false, false, true]);
    expect(tableOf(verdicts).split('\n')[1]).toBe(
      'FBX                         0.50 s  ≤ 0.50 s    1.25 s   100 MiB ≤ 400 MiB  ✗',
    );
  });

  it('runs the steps that are asked for', () => {
    expect(optionsFrom(['--only', 'fbx,STATIS', '--runs', '2']).steps.map(({ name }) => name)).toEqual([
      'FBX',
      'statistics',
    ]);
    expect(optionsFrom([]).steps).toEqual(steps);
    for (const wrong of [['--only', 'nothing'], ['--runs', '0'], ['--model', 'huge'], ['--fast']]) {
      expect(() => optionsFrom(wrong)).toThrow(/\S/);
    }
  });
});
