/** `N passed, N failed`, and `, N skipped` when there are any. A test file that could not even be loaded counts as failed. */
function summaryLine(results) {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Prints the summary alone on the last line of a run, for people and scripts. */
module.exports = class SummaryReporter {
  static summaryLine = summaryLine;

  onRunComplete(_contexts, results) {
    // Jest's own summary and the end of the servers come after this call.
    process.once('exit', () => process.stdout.write(`${summaryLine(results)}\n`));
  }
};
