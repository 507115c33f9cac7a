import { metricsIn, unknownIn } from './named-metrics.js';

describe('the metrics of an expression', () => {
  it('are found with their labels', () => {
    const promql = 'sum by (model) (rate(lathe_attempts_total{outcome!~"a|b",model="c"}[5m])) / up';
    expect(metricsIn(promql)).toEqual([
      { name: 'lathe_attempts_total', labels: ['outcome', 'model'] },
      { name: 'up', labels: [] },
    ]);
  });

  it.each([
    ['a metric that nobody tells', 'sum(lathe_attempt_total)', ['no metric lathe_attempt_total']],
    ['a histogram without saying what of it', 'lathe_task_ran_seconds', ['no metric lathe_task_ran_seconds']],
    ['a matcher of a label that it lacks', 'lathe_tasks{state="x"}', ['lathe_tasks has no label state']],
    ['a group by a label that it lacks', 'sum by (pool) (lathe_tasks)', ['no label pool']],
    ['a record that there is not', 'lathe:none:rate5m > 1', ['no metric lathe:none:rate5m']],
    ['nothing', 'vector(1)', ['no metric in vector(1)']],
  ])('%s is noticed', (_what, promql, reasons) => {
    expect(unknownIn(promql, [])).toEqual(reasons);
  });
});
