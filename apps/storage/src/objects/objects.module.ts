import { type DynamicModule, Module } from '@nestjs/common';
import { StorageConfig } from '../storage.config.js';
import { S3Client } from './s3.client.js';

/** The store, for every feature and for the health check. */
@Module({})
export class ObjectsModule {
  static with(config: StorageConfig): DynamicModule {
    return {
      module: ObjectsModule,
      global: true,
      providers: [{ provide: StorageConfig, useValue: config }, S3Client],
      exports: [StorageConfig, S3Client],
    };
  }
}
