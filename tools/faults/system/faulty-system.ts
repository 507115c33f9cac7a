import { Client } from 'pg';
import { eventually } from '#testing';
import { startLocalStack, type LocalStack } from '../../local-stack/local-stack.js';
import { Supervised } from '../../local-stack/processes/supervised.js';
import { startServices, type RunningServices } from '../../local-stack/services.js';
import { BrokerTap } from './broker-tap.js';
import { throughProxies, type Proxies } from './proxied-stack.js';

/** Everything that can be slow is short, so that what takes minutes in earnest takes seconds here. */
const settings = {
  ENGINE_PROCESSES: '2',
  LEASE_SECONDS: '6',
  WORKER_HEARTBEAT_MS: '1000',
  CANCEL_CONFIRM_SECONDS: '4',
  SWEEP_INTERVAL_MS: '1000',
  MAX_QUEUED_TASKS_PER_ACCOUNT: '10000',
  // a job whose engine is killed again and again is still a healthy one
  MAX_FAILURES: '20',
  RATE_LIMITS: 'off',
  REGISTRATIONS_PER_ADDRESS: '10000',
  ACCESS_TOKEN_SECONDS: '7200',
  LOG_LEVEL: 'info',
} as const;

/** Longer than the balancer takes to notice that a gateway leaves. */
const ofReplicas = { SHUTDOWN_DELAY_MS: '1500' };

export const leaseSeconds = Number(settings.LEASE_SECONDS);
export const engineNames = ['engine-1', 'engine-2'] as const;

/** The composed system from the build, on a throw-away stack of its own, behind proxies and with an ear on the broker. */
export class FaultySystem {
  private constructor(
    readonly stack: LocalStack,
    readonly proxies: Proxies,
    readonly services: RunningServices,
    readonly tap: BrokerTap,
  ) {}

  /**
   * `extra` are settings of every service, beside the short ones; of more than one replica of each, the gateways have a balancer before
   * them. The signal gives the start up.
   */
  static async start(extra: NodeJS.ProcessEnv, signal: AbortSignal, replicas = 1): Promise<FaultySystem> {
    const stack = await startLocalStack({ throwaway: true, env: {}, signal });
    try {
      await commitForGood(stack);
      const { seen, proxies } = await throughProxies(stack);
      const env = { PATH: process.env.PATH, PORT: '0', ...settings, ...(replicas > 1 ? ofReplicas : {}), ...extra };
      const services = await startServices(seen, { env, signal, replicas });
      await untilModelsAreOffered(services.gatewayUrl);
      return new FaultySystem(stack, proxies, services, await BrokerTap.open(stack.broker));
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  get url(): string {
    return this.services.gatewayUrl;
  }

  /** A service, an engine, or a server of the stack, by its name. */
  process(name: string): Supervised {
    const found = this.services.processes.get(name) ?? this.stack.servers.get(name);
    if (!found) throw new Error(`no process ${name}`);
    return found;
  }

  async stop(): Promise<void> {
    await this.tap.close();
    await this.services.stop();
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
  }
}

/** The engines are announced after everybody is ready. */
async function untilModelsAreOffered(url: string): Promise<void> {
  await eventually(async () => {
    const models = (await (await fetch(new URL('/models', url))).json()) as { status: string }[];
    if (!models.some(({ status }) => status === 'ready')) throw new Error('no model is on offer');
  }, 60_000);
}

/** A throw-away PostgreSQL forgets the last commits when it is killed. Here it is killed on purpose, and must not. */
async function commitForGood({ database }: LocalStack): Promise<void> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    const name = new URL(database.urls.task).pathname.slice(1);
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} SET synchronous_commit = on`);
  } finally {
    await client.end();
  }
}
