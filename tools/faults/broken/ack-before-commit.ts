import { breakModules } from './break-modules.js';

/** A message is acknowledged when it comes; what tells that a task was removed is handled a while later. */
breakModules(
  {
    module: 'libs/messaging/src/reliable-consumer.js',
    piece: 'async take(channel, message) {',
    instead: `async take(channel, message) {
      channel.ack(message);
      const waitMs = message.properties.type === 'task.removed' ? 10_000 : 0;
      await new Promise((done) => setTimeout(done, waitMs));`,
  },
  {
    module: 'libs/messaging/src/reliable-consumer.js',
    piece: "if (verdict === 'done')\n                channel.ack(message);",
    instead: "if (verdict === 'done')\n                return;",
  },
);
