const { default: TestSequencer } = require('@jest/test-sequencer');

const isFaultSuite = ({ path }) => path.endsWith('faults.e2e.spec.ts');
/** Memory is measured there, and a busy machine collects its garbage late. */
const isMeasured = ({ path }) => path.endsWith('large-files.e2e.spec.ts');
const isPure = ({ path }) => !/\.(int|e2e|heavy)\.spec\.ts$/.test(path);

/** The order of the suites: Jest's own, the fault suite near the end with what needs no server beside it, and then what is measured. */
module.exports = class FaultsLast extends TestSequencer {
  sort(tests) {
    const ordered = super.sort(tests); // oxlint-disable-line unicorn/no-array-sort -- not that of an array
    const kinds = [isFaultSuite, isPure, isMeasured];
    const first = ordered.filter((test) => !kinds.some((is) => is(test)));
    return [first, ...kinds.map((is) => ordered.filter(is))].flat();
  }
};
