import 'reflect-metadata';
import { leaveOnSignal, startOrExplain } from '#runtime';
import { createGateway } from './create-gateway.js';
import { gatewayConfig } from './gateway.config.js';

await startOrExplain(async () => {
  const config = gatewayConfig();
  const app = await createGateway(config);
  leaveOnSignal(app, config.SHUTDOWN_DELAY_MS);
  await app.listen({ port: config.PORT, host: config.HOST });
});
