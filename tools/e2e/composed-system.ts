import { randomBytes } from 'node:crypto';
import request, { type Response } from 'supertest';
import type { TaskView } from '#contracts';
import { eventually } from '#testing';
import { type LocalStack, startLocalStack } from '../local-stack/local-stack.js';
import { type RunningServices, startServices } from '../local-stack/services.js';

/** As often as a good client asks: the rate limits of the system are its defaults. */
const pollEveryMs = 200;

/** What is special about the start of a system. */
export interface Beginning {
  secrets?: { AUTH_SECRET?: string; WEBHOOKS_SECRET?: string };
  prepare?: (stack: LocalStack) => Promise<unknown>;
}

/** Every service as its own process, from the build, on a throw-away stack of its own. */
export class ComposedSystem {
  private constructor(
    readonly stack: LocalStack,
    readonly services: RunningServices,
  ) {}

  /** With secrets of an earlier system, and what there is to do before any service starts, where that is wanted. */
  static async start(
    settings: Record<string, string>,
    { secrets = {}, prepare }: Beginning = {},
  ): Promise<ComposedSystem> {
    const stack = await startLocalStack({ throwaway: true, env: secrets });
    await prepare?.(stack).catch(async (error: unknown) => {
      await stack.stop();
      throw error;
    });
    const services = await startServices(stack, { env: { PORT: '0', LOG_LEVEL: 'info', ...settings } });
    const system = new ComposedSystem(stack, services);
    await eventually(async () => {
      const { body } = await request(services.gatewayUrl).get('/models').expect(200);
      expect(body).toContainEqual(expect.objectContaining({ id: 'reference', status: 'ready' }));
    }, 30_000);
    return system;
  }

  get api(): request.Agent {
    return request.agent(this.services.gatewayUrl);
  }

  stop(): Promise<void> {
    return this.services.stop();
  }

  /** A new account that uses the API. */
  async account(): Promise<Account> {
    const credentials = {
      email: `${randomBytes(6).toString('hex')}@example.org`,
      password: randomBytes(12).toString('hex'),
    };
    const { body } = await this.api.post('/auth/register').send(credentials).expect(201);
    return new Account(this.services.gatewayUrl, credentials, body as { access_token: string; refresh_token: string });
  }
}

/** Somebody with an access token. */
export class Account {
  constructor(
    private readonly url: string,
    readonly credentials: { email: string; password: string },
    readonly tokens: { access_token: string; refresh_token: string },
  ) {}

  get(path: string): request.Test {
    return request(this.url).get(path).auth(this.tokens.access_token, { type: 'bearer' });
  }

  post(path: string, body?: object): request.Test {
    return this.ask('post', path, body);
  }

  put(path: string, body?: object): request.Test {
    return this.ask('put', path, body);
  }

  delete(path: string, body?: object): request.Test {
    return this.ask('delete', path, body);
  }

  private ask(method: 'post' | 'put' | 'delete', path: string, body?: object): request.Test {
    const asked = request(this.url)[method](path).auth(this.tokens.access_token, { type: 'bearer' });
    return body ? asked.send(body) : asked;
  }

  /** Bytes as they are, whatever their type. */
  bytes(path: string): Promise<Response> {
    return this.get(path)
      .buffer(true)
      .parse((answer, done) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .expect(200);
  }

  async generate(body: object): Promise<string> {
    const { body: task, headers } = await this.post('/generate', body).expect(202);
    const { task_id } = task as TaskView;
    expect(headers.location).toBe(`/generate/${task_id}`);
    return task_id;
  }

  async task(id: string): Promise<TaskView> {
    return (await this.get(`/generate/${id}`).expect(200)).body as TaskView;
  }

  /** The task once the check passes, asked again while a service is away. */
  taskWhen(id: string, check: (task: TaskView) => boolean, limitMs = 60_000): Promise<TaskView> {
    return eventually(
      async () => {
        const task = await this.task(id);
        if (!check(task))
          throw new Error(`the task is ${task.status} at ${task.progress} %: ${task.error?.message ?? ''}`);
        return task;
      },
      limitMs,
      pollEveryMs,
    );
  }

  ended(id: string): Promise<TaskView> {
    return this.taskWhen(id, ({ completed_at }) => completed_at !== null, 180_000);
  }
}
