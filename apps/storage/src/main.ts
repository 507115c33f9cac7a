import { fileURLToPath } from 'node:url';
import { runService } from '#runtime';
import { storageConfig } from './storage.config.js';
import { StorageModule } from './storage.module.js';

await runService(() => {
  const config = storageConfig();
  const inspector = fileURLToPath(new URL('./inspection/inspector/main.js', import.meta.url));
  return { name: 'storage', config, module: StorageModule.with(config, inspector) };
});
