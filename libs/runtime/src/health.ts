import { Controller, type DynamicModule, Get, Inject, type InjectionToken, Module } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { databaseTime, OutboxRelay } from '#persistence';

/** The things a process needs, each by name, with a cheap question whether it answers: no new connection per probe. */
export type Dependencies = Record<string, () => boolean | Promise<boolean>>;

const dependenciesToken = Symbol('health dependencies');
const answerWithinMs = 2000;

/** Deadlines travel as points in time: a process whose clock is further off than this would refuse what is in time. */
const clockToleranceMs = 2000;

/** Whether our clock and another one agree, whatever part of the time that asking took the answer is from. */
export async function clocksAgree(askOther: () => Promise<Date>): Promise<boolean> {
  const before = Date.now();
  const other = (await askOther()).getTime();
  return other > before - clockToleranceMs && other < Date.now() + clockToleranceMs;
}

/** GET /health/live says that the process runs; GET /health/ready says that everything it needs answers, or names what does not. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
  ) {}

  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([]);
  }

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check(
      Object.entries(this.dependencies).map(
        ([name, ask]) =>
          () =>
            this.indicate(name, ask),
      ),
    );
  }

  private async indicate(name: string, ask: () => boolean | Promise<boolean>): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), answerWithinMs);
    });
    try {
      return (await Promise.race([ask(), late])) ? indicator.up() : indicator.down();
    } catch {
      return indicator.down();
    } finally {
      clearTimeout(timer);
    }
  }
}

export interface HealthOptions {
  /** The providers that `dependencies` is called with. */
  inject: InjectionToken[];
  dependencies: (...injected: never[]) => Dependencies;
}

@Module({})
export class HealthModule {
  static for({ inject, dependencies }: HealthOptions): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [{ provide: dependenciesToken, inject, useFactory: dependencies }],
    };
  }

  /** A service with a schema of its own needs PostgreSQL and the broker; `more` names what else it needs. */
  static forService(more: HealthOptions = { inject: [], dependencies: () => ({}) }): DynamicModule {
    return HealthModule.for({
      inject: [DataSource, OutboxRelay, ...more.inject],
      dependencies: (database: DataSource, relay: OutboxRelay, ...rest: never[]) => ({
        database: async () => (await database.query('SELECT 1')).length === 1,
        clock: () => clocksAgree(() => databaseTime(database.manager)),
        broker: () => relay.connected,
        ...more.dependencies(...rest),
      }),
    });
  }
}
