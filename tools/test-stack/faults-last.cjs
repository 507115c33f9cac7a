const { default: TestSequencer } = require('@jest/test-sequencer');

const isFaultSuite = ({ path }) => path.endsWith('faults.e2e.spec.ts');
const isPure = ({ path }) => !/\.(int|e2e|heavy)\.spec\.ts$/.test(path);

/** The order of the suites: Jest's own, the fault suite near the end, and what needs no server beside it. */
module.exports = class FaultsLast extends TestSequencer {
  sort(tests) {
    const ordered = super.sort(tests); // oxlint-disable-line unicorn/no-array-sort -- not that of an array
    const onServers = ordered.filter((test) => !isPure(test) && !isFaultSuite(test));
    return [...onServers, ...ordered.filter(isFaultSuite), ...ordered.filter(isPure)];
  }
};
