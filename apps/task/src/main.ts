import { runService } from '#runtime';
import { taskConfig } from './task.config.js';
import { TaskModule } from './task.module.js';

await runService(() => {
  const config = taskConfig();
  return { name: 'task', config, module: TaskModule.with(config) };
});
