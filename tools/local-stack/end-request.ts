/**
 * Calls `end` once when this process is asked to end: Ctrl-C, a closed terminal, SIGTERM, or the death of the launcher that started it
 * with a message channel. Further signals change nothing, since Ctrl-C may arrive both from the terminal and through the launcher.
 */
export function onEndRequest(end: (reason: string) => void): void {
  // The terminal may be gone before we are: what is said then is lost, and that must not stop the stop.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  let asked = false;
  const ask = (reason: string) => (): void => {
    if (!asked) end(reason);
    asked = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask(signal));
  if (process.channel) {
    process.on('disconnect', ask('disconnect'));
    process.channel.unref();
  }
}
