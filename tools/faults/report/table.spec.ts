import { anEvidence, anOrder } from '../invariants/an-evidence.js';
import { rowsOf, tableOf } from './table.js';

describe('the table of faults', () => {
  it('counts orders for the fault before them, and what became of them', () => {
    const evidence = anEvidence();
    evidence.ledger.orders.push(
      anOrder({ key: 'key-2', acceptedAt: 1500, taskIds: new Set(['gone']) }),
      anOrder({ key: 'key-3', acceptedAt: 1600, taskIds: new Set(['task-1', 'gone']) }),
      anOrder({ key: 'key-4', acceptedAt: 9000, taskIds: new Set(['removed']), removed: true }),
    );
    expect(tableOf(rowsOf(evidence))).toBe(
      [
        '| fault        | injected | accepted | ended | lost | doubled | refused | slowest recovery |',
        '| ------------ | -------: | -------: | ----: | ---: | ------: | ------: | ---------------: |',
        '| (before any) |        0 |        1 |     1 |    0 |       0 |       0 |                  |',
        '| kill gateway |        1 |        3 |     1 |    2 |       1 |       2 |            1.0 s |',
        '| all 1 kinds  |        1 |        4 |     2 |    2 |       1 |       2 |            1.0 s |',
      ].join('\n'),
    );
  });

  it('says of a fault that the system did not come back from it', () => {
    const evidence = anEvidence();
    const never = { ...evidence.episodes[0]!, recoveredAt: undefined };
    const [, row] = tableOf(rowsOf({ ...evidence, episodes: [...evidence.episodes, never] }))
      .split('\n')
      .slice(2);
    expect(row).toMatch(/never \|$/);
  });
});
