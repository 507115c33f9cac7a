import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { createService, loadConfig } from '#runtime';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase } from '#testing';
import { AuthConfig } from '../../apps/auth/src/auth.config.js';
import { AuthModule } from '../../apps/auth/src/auth.module.js';
import { createGateway } from '../../apps/gateway/src/create-gateway.js';
import { GatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { SharedAllowancesService } from '../../apps/gateway/src/limits/shared-allowances.service.js';

const perAddress = 300;
const perAccount = 120;
const registrations = 7;
/** A gateway that got no answer counts alone for so long. */
const aloneForMs = 5000;

jest.setTimeout(90_000);

describe('the rate limits of two gateways and an auth service', () => {
  let broker: FreshBroker;
  let database: FreshDatabase;
  let auth: NestFastifyApplication;
  let gateways: NestFastifyApplication[];
  let urls: string[];

  beforeAll(async () => {
    [broker, database] = await Promise.all([freshBroker(), freshDatabase()]);
    auth = await startAuth();
    gateways = await Promise.all([startGateway(), startGateway()]);
    urls = await Promise.all(gateways.map((gateway) => gateway.getUrl()));
    for (const url of urls) await eventually(() => request(url).get('/health/ready').expect(200));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await auth.close();
    await Promise.all([broker.drop(), database.drop()]);
  });

  async function startAuth(): Promise<NestFastifyApplication> {
    const config = loadConfig(AuthConfig, {
      DATABASE_URL: database.urlOf('auth'),
      RABBITMQ_URL: broker.url,
      AUTH_SECRET: 'a secret of the tests, thirty-two characters and more',
      LOG_LEVEL: 'silent',
    });
    const service = await createService({ name: 'auth', config, module: AuthModule.with(config) });
    await service.startAllMicroservices();
    return service;
  }

  async function startGateway(): Promise<NestFastifyApplication> {
    const config = loadConfig(GatewayConfig, {
      RABBITMQ_URL: broker.url,
      LOG_LEVEL: 'silent',
      TRUST_PROXY: '127.0.0.1',
      RATE_LIMIT_PER_ADDRESS: String(perAddress),
      RATE_LIMIT_PER_ACCOUNT: String(perAccount),
      REGISTRATIONS_PER_ADDRESS: String(registrations),
    });
    const gateway = await createGateway(config);
    await gateway.listen({ port: 0, host: '127.0.0.1' });
    return gateway;
  }

  /** Sends through both gateways in turn, twenty at a time, and counts what was not refused for a limit. */
  async function admittedOf(count: number, send: (url: string) => request.Test): Promise<number> {
    let [next, admitted] = [0, 0];
    const sender = async (): Promise<void> => {
      while (next < count) {
        const { status } = await send(urls[next++ % 2]!);
        if (status !== 429) admitted++;
      }
    };
    await Promise.all(Array.from({ length: 20 }, sender));
    return admitted;
  }

  /**
   * What was admitted while the auth service answered every question. When it left one open, each gateway rightly counted alone: then
   * it is measured again, with senders that have spent nothing.
   */
  async function admittedTogether(measure: (nth: number) => Promise<number>): Promise<number> {
    const take = jest.spyOn(SharedAllowancesService.prototype, 'take');
    try {
      for (let nth = 1; nth <= 5; nth++) {
        take.mockClear();
        const admitted = await measure(nth);
        const answers = await Promise.all(take.mock.results.map(({ value }) => value as unknown));
        expect(answers).not.toEqual([]);
        if (!answers.includes(null)) return admitted;
        await delay(aloneForMs);
      }
    } finally {
      take.mockRestore();
    }
    throw new Error('the auth service leaves questions open');
  }

  it('admit as many requests of an address as its limit says, not one more, and nearly all of those', async () => {
    const admitted = await admittedTogether((nth) =>
      admittedOf(3 * perAddress, (url) =>
        request(url).get('/.well-known/jwks.json').set('x-forwarded-for', `2001:db8:${nth}::1`),
      ),
    );
    expect(admitted).toBeLessThanOrEqual(perAddress);
    expect(admitted).toBeGreaterThanOrEqual(0.9 * perAddress);
  });

  it('admit all of them through one gateway alone', async () => {
    const [url] = urls as [string];
    const admitted = await admittedTogether((nth) =>
      admittedOf(3 * perAddress, () =>
        request(url).get('/.well-known/jwks.json').set('x-forwarded-for', `192.0.2.1${nth}`),
      ),
    );
    expect(admitted).toBe(perAddress);
  });

  it('admit as many requests of an account, whatever the addresses', async () => {
    const admitted = await admittedTogether(async () => {
      const account = { email: `${randomUUID()}@example.org`, password: 'a long passphrase of the tests' };
      const { body } = await request(urls[0]!).post('/auth/register').send(account).expect(201);
      const { access_token: token } = body as { access_token: string };
      let sent = 0;
      return admittedOf(3 * perAccount, (url) =>
        request(url)
          .get('/auth/api-keys')
          .auth(token, { type: 'bearer' })
          .set('x-forwarded-for', `198.51.100.${++sent % 250}`),
      );
    });
    expect(admitted).toBeLessThanOrEqual(perAccount);
    expect(admitted).toBeGreaterThanOrEqual(0.9 * perAccount);
  });

  it('admit exactly as many registrations, however many come at the same moment', async () => {
    const admitted = await admittedTogether((nth) =>
      admittedOf(3 * registrations, (url) =>
        request(url).post('/auth/register').set('x-forwarded-for', `203.0.113.${nth}`).send({}),
      ),
    );
    expect(admitted).toBe(registrations);
  });

  it('are held by each gateway by itself when the auth service is gone', async () => {
    await auth.close();
    const admitted = await admittedOf(6 * perAddress, (url) =>
      request(url).get('/.well-known/jwks.json').set('x-forwarded-for', '192.0.2.2'),
    );
    expect(admitted).toBe(2 * perAddress);
    auth = await startAuth();
  });
});
