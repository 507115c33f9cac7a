import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTask, listModels, modelOffered, type TaskDispatched, taskDispatched } from '#contracts';
import { currentRequest, EventServer, RpcClient, withRequest } from '#messaging';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase, StandIn } from '#testing';
import { anOffer, aRequest } from './a-task.js';
import { startReplica } from './task-service.js';

describe('the id of a request', () => {
  let database: FreshDatabase;
  let broker: FreshBroker;
  let replica: NestFastifyApplication;
  let rpc: RpcClient;
  let bridge: StandIn;
  let listener: EventServer;
  const heard = new Map<string, string | undefined>();

  beforeAll(async () => {
    [database, broker] = await Promise.all([freshDatabase(), freshBroker()]);
    replica = await startReplica(database, broker);
    rpc = new RpcClient({ url: broker.url, name: 'test' });
    await rpc.open();
    bridge = await new StandIn(broker.url, 'ml-bridge').start();
    listener = new EventServer({ url: broker.url, service: 'listener' });
    const listen = async ({ task_id }: TaskDispatched) => void heard.set(task_id, currentRequest()?.requestId);
    listener.addHandler(taskDispatched.key, listen as never);
    await new Promise<void>((resolve) => listener.listen(() => resolve()));
  });

  afterAll(async () => {
    await Promise.all([rpc.close(), bridge.stop(), listener.close()]);
    await replica.close();
    await Promise.all([database.drop(), broker.drop()]);
  });

  it('follows its own task to the worker, whoever made room for it', async () => {
    await bridge.announce(modelOffered, { ...anOffer(), slots: 0 });
    await eventually(async () => expect((await rpc.call(listModels, {})).models).toHaveLength(1));
    const [first, second] = [aRequest(), aRequest()];
    await withRequest({ requestId: 'request-1' }, () => rpc.call(createTask, first));
    await withRequest({ requestId: 'request-2' }, () => rpc.call(createTask, second));
    await bridge.announce(modelOffered, { ...anOffer(), slots: 2 });
    await eventually(() => expect(heard.size).toBe(2));
    expect([heard.get(first.task_id), heard.get(second.task_id)]).toEqual(['request-1', 'request-2']);
  });
});
