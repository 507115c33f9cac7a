import { fileURLToPath } from 'node:url';
import { leaveOnSignal, startOrExplain } from '#runtime';
import { createEngine } from './create-engine.js';
import { engineConfig } from './engine.config.js';

await startOrExplain(async () => {
  const config = engineConfig();
  const jobProcess = fileURLToPath(new URL('./jobs/job-process.js', import.meta.url));
  const app = await createEngine(config, jobProcess);
  leaveOnSignal(app, config.SHUTDOWN_DELAY_MS);
  await app.listen({ port: config.PORT, host: config.HOST });
});
