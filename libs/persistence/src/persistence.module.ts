import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DatabaseMetrics } from './database-metrics.js';
import { OutboxRelay } from './outbox.relay.js';

export interface PersistenceOptions {
  service: string;
  rabbitmqUrl: string;
  database: DataSourceOptions;
}

/** A service's database connection and the relay of its outbox. */
@Module({})
export class PersistenceModule {
  static for({ service, rabbitmqUrl, database }: PersistenceOptions): DynamicModule {
    return {
      module: PersistenceModule,
      global: true,
      imports: [TypeOrmModule.forRoot({ ...database, retryAttempts: 20, retryDelay: 1500 })],
      providers: [
        DatabaseMetrics,
        {
          provide: OutboxRelay,
          inject: [DataSource],
          useFactory: (dataSource: DataSource) => new OutboxRelay(dataSource, { url: rabbitmqUrl, service }),
        },
      ],
      exports: [OutboxRelay],
    };
  }
}
