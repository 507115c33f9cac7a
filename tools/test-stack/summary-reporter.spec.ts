const { summaryLine } = jest.requireActual<{ summaryLine: (results: object) => string }>('./summary-reporter.cjs');

const aRun = (about: object): object => ({
  numPassedTests: 12,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...about,
});

describe('the last line of a run of the tests', () => {
  it.each([
    ['12 passed, 0 failed', {}],
    ['12 passed, 3 failed', { numFailedTests: 3 }],
    ['12 passed, 1 failed', { numRuntimeErrorTestSuites: 1 }],
    ['12 passed, 0 failed, 2 skipped', { numPendingTests: 1, numTodoTests: 1 }],
  ])('is "%s"', (line, about) => {
    expect(summaryLine(aRun(about))).toBe(line);
  });
});
