/**
 * Prints `N passed, N failed` (and `, N skipped`) alone on the last line, for people and scripts. A test file that could not even be
 * loaded counts as failed.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // Jest's own summary and the end of the servers come after this call.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
};
