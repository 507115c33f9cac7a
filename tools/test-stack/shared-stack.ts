import type { LocalStack, StackCoordinates } from '../local-stack/local-stack.js';

/**
 * The throw-away stack of this run of Jest, as something services can be started on. Its product database and vhosts exist once:
 * for the one suite that drives the composed system. Stopping it does nothing; it ends with the run.
 */
export function sharedTestStack(): LocalStack {
  const { TEST_STACK: json } = process.env;
  if (!json) throw new Error('No test stack: only *.int.spec.ts and *.e2e.spec.ts have one.');
  return { ...(JSON.parse(json) as StackCoordinates), servers: new Map(), stop: () => Promise.resolve() };
}
