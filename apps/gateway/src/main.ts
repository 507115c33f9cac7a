import 'reflect-metadata';
import { startOrExplain } from '#runtime';
import { createGateway } from './create-gateway.js';
import { gatewayConfig } from './gateway.config.js';

await startOrExplain(async () => {
  const config = gatewayConfig();
  const app = await createGateway(config);
  app.enableShutdownHooks();
  await app.listen({ port: config.PORT, host: config.HOST });
});
