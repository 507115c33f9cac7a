import { breakModules } from './break-modules.js';

/** A message has its effect as often as it arrives. */
breakModules({
  module: 'libs/persistence/src/inbox.js',
  piece: 'if (inserted.length === 0)',
  instead: 'if (inserted.length === Infinity)',
});
