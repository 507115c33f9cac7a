import { breakModules } from './break-modules.js';

/** A message is acknowledged when it comes, and handled a while later. */
breakModules(
  {
    module: 'libs/messaging/src/reliable-consumer.js',
    piece: 'async take(channel, message) {',
    instead:
      'async take(channel, message) { channel.ack(message); await new Promise((done) => setTimeout(done, 2000));',
  },
  {
    module: 'libs/messaging/src/reliable-consumer.js',
    piece: "if (verdict === 'done')\n                channel.ack(message);",
    instead: "if (verdict === 'done')\n                return;",
  },
);
