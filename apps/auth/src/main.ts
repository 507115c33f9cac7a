import { runService } from '#runtime';
import { authConfig } from './auth.config.js';
import { AuthModule } from './auth.module.js';

await runService(() => {
  const config = authConfig();
  return { name: 'auth', config, module: AuthModule.with(config) };
});
