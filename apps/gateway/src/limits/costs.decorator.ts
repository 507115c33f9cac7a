import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** What a request takes from the budgets of its account and its address, and from that of the address for registrations. */
export interface RouteCosts {
  points: number;
  registrations: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    costs?: RouteCosts;
  }
}

/** A route that costs more than the one point of others. */
export const Costs = (points: number, { registrations = 0 } = {}): MethodDecorator =>
  RouteConfig({ costs: { points, registrations } satisfies RouteCosts });

const usual: RouteCosts = { points: 1, registrations: 0 };
const nothing: RouteCosts = { points: 0, registrations: 0 };
/** Pages for people and probes for machines: the same bytes for everybody, ready at hand. */
const free = /^\/(?:$|docs(?:$|\/)|openapi\.json$|health\/)/;

/** Whether requests at the address of a route are neither counted nor limited. */
export const isFree = (url: string | undefined): boolean => url !== undefined && free.test(url);

/** What a request costs, by its route; one that leads nowhere costs as much as the usual one. */
export function costsOf({ routeOptions: { config, url } }: Pick<FastifyRequest, 'routeOptions'>): RouteCosts {
  return config?.costs ?? (isFree(url) ? nothing : usual);
}
