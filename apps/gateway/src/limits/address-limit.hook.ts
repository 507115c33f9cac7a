import type { FastifyInstance } from 'fastify';
import { networkOf } from './address-network.js';
import { costsOf } from './costs.decorator.js';
import type { LimitsService } from './limits.service.js';
import { obey } from './rate-limit-fields.js';

/**
 * Counts every request for its network: before its body is read and its token verified, but after CORS, so that a page of another
 * origin can read the refusal and its preflights, which CORS answers, cost nothing.
 */
export function limitAddresses(fastify: FastifyInstance, limits: LimitsService): void {
  if (!limits.enabled) return;
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const { points, registrations } = costsOf(request);
    const network = networkOf(request.ip);
    if (points > 0) obey(reply, await limits.take('address', network, points));
    if (registrations > 0) obey(reply, await limits.take('registrations', network, registrations));
    return payload;
  });
}
