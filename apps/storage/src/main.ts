import { runService } from '#runtime';
import { storageConfig } from './storage.config.js';
import { StorageModule } from './storage.module.js';

await runService(() => {
  const config = storageConfig();
  return { name: 'storage', config, module: StorageModule.with(config) };
});
