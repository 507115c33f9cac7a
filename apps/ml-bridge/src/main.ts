import { runService } from '#runtime';
import { mlBridgeConfig } from './ml-bridge.config.js';
import { MlBridgeModule } from './ml-bridge.module.js';

await runService(() => {
  const config = mlBridgeConfig();
  return { name: 'ml-bridge', config, module: MlBridgeModule.with(config) };
});
