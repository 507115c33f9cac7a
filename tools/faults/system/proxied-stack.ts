import type { LocalStack } from '../../local-stack/local-stack.js';
import { FaultProxy } from '../proxy/fault-proxy.js';

export const proxiedServers = ['broker', 'database', 'store'] as const;
export type ProxiedServer = (typeof proxiedServers)[number];
export type Proxies = Record<ProxiedServer, FaultProxy>;

/** The same stack for the services, which reach each server through a proxy; administrators still reach it directly. */
export async function throughProxies(stack: LocalStack): Promise<{ seen: LocalStack; proxies: Proxies }> {
  const { database, broker, objectStore } = stack;
  const proxies: Proxies = {
    broker: await inFrontOf(broker.urls.task),
    database: await inFrontOf(database.urls.task),
    store: await inFrontOf(objectStore.endpoint),
  };
  const seen: LocalStack = {
    ...stack,
    database: { ...database, urls: rerouted(database.urls, proxies.database) },
    broker: {
      ...broker,
      urls: rerouted(broker.urls, proxies.broker),
      workerUrls: rerouted(broker.workerUrls, proxies.broker),
    },
    // presigned addresses have this name in them: the engines come through the proxy too
    objectStore: { ...objectStore, endpoint: rerouted({ it: objectStore.endpoint }, proxies.store).it },
  };
  return { seen, proxies };
}

function inFrontOf(url: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(url);
  return FaultProxy.open({ host: hostname, port: Number(port) });
}

function rerouted<T extends Record<string, string>>(urls: T, { port }: FaultProxy): T {
  const through = (url: string): string => {
    const { hostname, port: direct } = new URL(url);
    return url.replace(`${hostname}:${direct}`, `127.0.0.1:${port}`);
  };
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, through(url)])) as T;
}
