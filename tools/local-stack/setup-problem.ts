/** Something a person has to put right before the stack can run. The message says what to do; its stack is of no use. */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
}

/** How an error is shown on a terminal: a problem of the set-up as its own words, a bug whole. */
export const shown = (error: unknown): string =>
  error instanceof SetupProblem
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
