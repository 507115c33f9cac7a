import type { Order, Report } from '../messages.js';
import { inspect } from './inspect.js';
import { Watch } from './watch.js';

/** The program of a process that looks at uploads, one at a time. It is told how many MiB it may take; the service kills what is late. */
const memoryBytes = Number(process.argv[2]) * 1024 * 1024;
const watch = new Watch(memoryBytes);

const say = (report: Report): void => {
  process.send?.(report);
};

process.umask(0o077);
process.on('message', (order: Order) => {
  say({ type: 'begun' });
  void watch.during(() => inspect(order)).then(say);
});

// the service ends it: a signal to the whole group, as by Ctrl-C, must not spoil what is being looked at
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
