import { breakModules } from './break-modules.js';

/** Whatever a worker says counts, whichever attempt it was handed. */
breakModules(
  {
    module: 'apps/task/src/tasks/task.js',
    piece: 'task.attempt === attempt && task.leaseUntil !== null',
    instead: 'task.leaseUntil !== null',
  },
  {
    module: 'apps/ml-bridge/src/generations/generation.js',
    piece: 'export function judge(generation, event, isNewest) {',
    instead: "export function judge(generation, event, isNewest) { return 'heard';",
  },
);
