import { createTask, type TaskDispatched, taskDispatched } from '#contracts';
import { EventServer, type RpcClient } from '#messaging';
import { currentRequest, withRequest } from '#telemetry';
import { eventually } from '#testing';
import { aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

describe('the id of a request', () => {
  let servers: TaskServers;
  let rpc: RpcClient;
  let listener: EventServer;
  const heard = new Map<string, string | undefined>();

  beforeAll(async () => {
    servers = await TaskServers.start(1);
    ({ rpc } = servers);
    listener = new EventServer({ url: servers.broker.url, service: 'listener' });
    const listen = async ({ task_id }: TaskDispatched) => void heard.set(task_id, currentRequest()?.requestId);
    listener.addHandler(taskDispatched.key, listen as never);
    await new Promise<void>((resolve) => listener.listen(() => resolve()));
  });

  afterAll(async () => {
    await listener.close();
    await servers.stop();
  });

  it('follows its own task to the worker, whoever made room for it', async () => {
    await servers.offer(0);
    const [first, second] = [aRequest(), aRequest()];
    await withRequest({ requestId: 'request-1' }, () => rpc.call(createTask, first));
    await withRequest({ requestId: 'request-2' }, () => rpc.call(createTask, second));
    await servers.offer(2);
    await eventually(() => expect(heard.size).toBe(2));
    expect([heard.get(first.task_id), heard.get(second.task_id)]).toEqual(['request-1', 'request-2']);
  });
});
