const { default: TestSequencer } = require('@jest/test-sequencer');

const isFaultSuite = ({ path }) => path.endsWith('faults.e2e.spec.ts');

/** The order of the suites: Jest's own, and the fault suite at the end, where next to nothing runs beside it. */
module.exports = class LastAlone extends TestSequencer {
  sort(tests) {
    const ordered = super.sort(tests); // oxlint-disable-line unicorn/no-array-sort -- not that of an array
    return [...ordered.filter((test) => !isFaultSuite(test)), ...ordered.filter(isFaultSuite)];
  }
};
