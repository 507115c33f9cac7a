import {
  Controller,
  type DynamicModule,
  Get,
  Injectable,
  type InjectionToken,
  Module,
  type Provider,
} from '@nestjs/common';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorFunction,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { databaseTime, OutboxRelay } from '#persistence';
import { Departure } from './departure.js';
import type { Dependency } from './dependency.js';
import { type Needs, Readiness } from './readiness.js';

/** Deadlines travel as points in time: a process whose clock is further off than this would refuse what is in time. */
const clockToleranceMs = 2000;

/** Whether our clock and another one agree, whatever part of the time that asking took the answer is from. */
export async function clocksAgree(askOther: () => Promise<Date>): Promise<boolean> {
  const before = Date.now();
  const other = (await askOther()).getTime();
  return other > before - clockToleranceMs && other < Date.now() + clockToleranceMs;
}

/** How a process is: whether it runs, and whether what it needs answers. */
@Injectable()
export class HealthService {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  /**
   * The process runs and its event loop turns. Whatever is away outside, and while it finishes its work on the way out, it is alive:
   * ending it would not help. Terminus would say 503 on the way out.
   */
  live(): HealthCheckResult {
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  /** What it needs, each by name. Throws terminus's 503, which has them too, when something vital is missing or the process leaves. */
  ready(): Promise<HealthCheckResult> {
    const { vital, partial } = this.readiness;
    return this.health.check([...vital.map(this.indicate('down')), ...partial.map(this.indicate('degraded'))]);
  }

  private readonly indicate =
    (without: 'down' | 'degraded') =>
    (dependency: Dependency): HealthIndicatorFunction =>
    async () => {
      const indicator = this.indicators.check(dependency.name);
      if (await dependency.answers()) return indicator.up();
      return without === 'down' ? indicator.down() : indicator.degraded();
    };
}

/** GET /health/live and GET /health/ready. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @HealthCheck()
  live(): HealthCheckResult {
    return this.health.live();
  }

  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.ready();
  }
}

export interface HealthOptions {
  /** The providers that `needs` is called with. */
  inject: InjectionToken[];
  needs: (...injected: never[]) => Needs;
}

const needsToken = Symbol('needs');

@Module({})
export class HealthModule {
  /** Nobody is ready who is on the way out; `needs` names the rest. */
  static for({ inject, needs }: HealthOptions): DynamicModule {
    const providers: Provider[] = [
      Departure,
      HealthService,
      { provide: needsToken, inject, useFactory: needs },
      {
        provide: Readiness,
        inject: [needsToken, Departure],
        useFactory: ({ vital, partial = {} }: Needs, departure: Departure) =>
          new Readiness({ vital: { ...vital, accepting: () => departure.accepting }, partial }),
      },
    ];
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers,
      exports: [Departure, HealthService, Readiness],
    };
  }

  /** A service with a schema of its own needs PostgreSQL and the broker; `more` names what else it needs. */
  static forService(more: HealthOptions = { inject: [], needs: () => ({ vital: {} }) }): DynamicModule {
    return HealthModule.for({
      inject: [DataSource, OutboxRelay, ...more.inject],
      needs: (database: DataSource, relay: OutboxRelay, ...rest: never[]) => {
        const { vital, partial = {} } = more.needs(...rest);
        const own = {
          database: async () => (await database.query('SELECT 1')).length === 1,
          clock: () => clocksAgree(() => databaseTime(database.manager)),
          broker: () => relay.connected,
        };
        return { vital: { ...own, ...vital }, partial };
      },
    });
  }
}
