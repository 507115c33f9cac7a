import type { HealthCheckResult } from '@nestjs/terminus';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { freshBroker, type FreshBroker, freshDatabase, type FreshDatabase, eventually } from '#testing';
import { createService, Departure, Readiness } from '#runtime';
import { registry } from '#telemetry';
import { FaultProxy } from '../../../tools/faults/proxy/fault-proxy.js';
import { AuthConfig } from '../src/auth.config.js';
import { AuthModule } from '../src/auth.module.js';
import { testSecret } from './auth-service.js';

/** Whatever the service needs is reached through these, which count connections and can cut them. */
let [toDatabase, toBroker]: FaultProxy[] = [];
let database: FreshDatabase;
let broker: FreshBroker;
let app: NestFastifyApplication;

beforeEach(async () => {
  [database, broker] = await Promise.all([freshDatabase(), freshBroker()]);
  const through = async (url: string): Promise<[FaultProxy, string]> => {
    const { hostname, port } = new URL(url);
    const proxy = await FaultProxy.open({ host: hostname, port: Number(port) });
    return [proxy, url.replace(`${hostname}:${port}`, `127.0.0.1:${proxy.port}`)];
  };
  const [databaseProxy, DATABASE_URL] = await through(database.urlOf('auth'));
  const [brokerProxy, RABBITMQ_URL] = await through(broker.url);
  [toDatabase, toBroker] = [databaseProxy, brokerProxy];
  const settings = { AUTH_SECRET: testSecret, LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: 4, DATABASE_URL, RABBITMQ_URL };
  const config = Object.assign(new AuthConfig(), settings);
  app = await createService({ name: 'auth', config, module: AuthModule.with(config) });
  await app.startAllMicroservices();
  await app.listen({ port: 0, host: '127.0.0.1' });
}, 60_000);
afterEach(async () => {
  await app.close();
  await Promise.all([toDatabase!.close(), toBroker!.close()]);
  await Promise.all([database.drop(), broker.drop()]);
}, 60_000);

const ask = async (path: string): Promise<HealthCheckResult & { code: number }> => {
  const answer = await fetch(new URL(path, await app.getUrl()));
  return { code: answer.status, ...((await answer.json()) as HealthCheckResult) };
};
const live = async () => (await ask('/health/live')).code;
const missing = async () => Object.keys((await ask('/health/ready')).error ?? {}).toSorted();
const away = (proxy: FaultProxy) => {
  proxy.disturb({ refuse: true });
  proxy.resetAll();
};

describe('the health of a service', () => {
  it('is asked for as often as one likes: no probe opens a connection', async () => {
    await ask('/health/ready');
    const before = [toDatabase!.connections, toBroker!.connections];
    for (let probe = 0; probe < 50; probe++) expect((await ask('/health/ready')).code).toBe(200);
    const [ofDatabase, ofBroker] = [toDatabase!.connections, toBroker!.connections];
    expect(ofBroker).toBe(before[1]);
    expect(ofDatabase).toBeLessThanOrEqual(4); // the pool, which its own work fills up as well
    await Promise.all(Array.from({ length: 50 }, () => ask('/health/ready')));
    expect([toDatabase!.connections <= 4, toBroker!.connections]).toEqual([true, ofBroker]);
  });

  it('names what is away, and says that the process is alive all the while', async () => {
    away(toBroker!);
    await eventually(async () => expect(await missing()).toEqual(['broker', 'questions']));
    expect(await live()).toBe(200);
    away(toDatabase!);
    await eventually(async () => expect(await missing()).toEqual(['broker', 'clock', 'database', 'questions']));
    expect(await live()).toBe(200);
    expect(app.get(Readiness).lastKnown()).toMatchObject({ accepting: true, broker: false, database: false });
    expect(await registry.getSingleMetricAsString('lathe_dependency_up')).toContain('{dependency="database"} 0');
    toBroker!.heal();
    toDatabase!.heal();
    await eventually(async () => expect((await ask('/health/ready')).code).toBe(200), 30_000);
  }, 60_000);

  it('is that of a process that leaves as soon as it is told to, though it still works', async () => {
    app.get(Departure).begin();
    expect(await ask('/health/ready')).toMatchObject({ code: 503, error: { accepting: { status: 'down' } } });
    expect(await live()).toBe(200);
  });
});
