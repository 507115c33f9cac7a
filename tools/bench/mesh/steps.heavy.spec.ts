import { measure } from './measure.js';
import { packed } from './models.js';
import { optionsFrom } from './options.js';
import { steps } from './steps.js';
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
    let runs = 0;
    const prepare = async () => async () => {
      await new Promise((done) => setTimeout(done, [60, 0, 0, 30][runs]));
      runs++;
    };
    const { milliseconds } = await measure(
      { name: 'naps', packing: 'plain', target: null, prepare },
      new Uint8Array(),
      3,
    );
    expect(runs).toBe(4);
    expect(milliseconds).toBeLessThan(25);
  });

  it('prints what was promised beside what was measured', () => {
    const [slow, fat, fine] = [
      { name: 'FBX', milliseconds: 501, peakMemory: 100 },
      { name: 'PLY', milliseconds: 9_000, peakMemory: 401 },
      { name: 'STL', milliseconds: 200, peakMemory: 400 },
    ];
    const stepOf = (name: string) => steps.find((step) => step.name === name)!;
    const verdicts = [slow, fat, fine].map((measured) => verdictOf(stepOf(measured.name), measured));
    expect(verdicts.map(({ kept }) => kept)).toEqual([false, false, true]);
    expect(tableOf(verdicts).split('\n')[1]).toBe(
      'FBX                         0.50 s  ≤ 0.50 s   100 MiB ≤ 400 MiB  ✗',
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
