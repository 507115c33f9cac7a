import { fileURLToPath } from 'node:url';
import { startOrExplain } from '#runtime';
import { createEngine } from './create-engine.js';
import { engineConfig } from './engine.config.js';

await startOrExplain(async () => {
  const config = engineConfig();
  const jobProcess = fileURLToPath(new URL('./jobs/job-process.js', import.meta.url));
  const app = await createEngine(config, jobProcess);
  app.enableShutdownHooks();
  await app.listen({ port: config.PORT, host: config.HOST });
});
