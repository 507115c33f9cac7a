/**
 * Makes the next signing key now instead of when it is due. With `--replace-all`, for a key that got into wrong hands, the new key
 * signs at once and all others are deleted: every access token is worthless then, and clients refresh. The settings are those of auth.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { createLogger, NestLogger, startOrExplain } from '#runtime';
import { authConfig } from './auth.config.js';
import { AuthModule } from './auth.module.js';
import { KeyRotationService } from './signing-keys/key-rotation.service.js';

await startOrExplain(async () => {
  const config = authConfig();
  const logger = new NestLogger(createLogger('auth', config.LOG_LEVEL));
  const app = await NestFactory.createApplicationContext(AuthModule.with(config), { logger, abortOnError: false });
  const rotation = app.get(KeyRotationService);
  await (process.argv.includes('--replace-all') ? rotation.replaceAll() : rotation.rotate());
  await app.close(); // after the announcement has left
});
