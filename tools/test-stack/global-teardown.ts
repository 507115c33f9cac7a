import { once } from 'node:events';

/** Ends the servers that globalSetup started, if any; silent, since the summary has been printed. */
export default async function globalTeardown(): Promise<void> {
  const stack = globalThis.testStackProcess;
  if (!stack || stack.exitCode !== null || stack.signalCode !== null) return;
  const ended = once(stack, 'exit');
  stack.kill('SIGTERM');
  await ended;
}
