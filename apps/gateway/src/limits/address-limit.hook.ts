import type { FastifyInstance } from 'fastify';
import { networkOf } from '#runtime';
import { sendProblem } from '../http/problem.filter.js';
import { costsOf } from './costs.decorator.js';
import type { LimitsService, PolicyName } from './limits.service.js';
import { tell, tooManyRequests } from './rate-limit-fields.js';

/** Behind one address of IPv4 are many people as it is. */
const ipv4Bits = 32;

/**
 * Counts every request for its network: before its body is read and its token verified, but after CORS, so that a page of another
 * origin can read the refusal and its preflights, which CORS answers, cost nothing.
 */
export function limitAddresses(fastify: FastifyInstance, limits: LimitsService): void {
  if (!limits.enabled) return;
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const { points, registrations } = costsOf(request);
    const network = networkOf(request.ip, ipv4Bits);
    const costs: [PolicyName, number][] = [
      ['address', points],
      ['registrations', registrations],
    ];
    for (const [policy, cost] of costs) {
      if (cost === 0) continue;
      const verdict = await limits.take(policy, network, cost);
      tell(reply, verdict);
      if (verdict.admitted) continue;
      sendProblem(reply, tooManyRequests(verdict));
      return reply; // waits until it is sent
    }
    return payload;
  });
}
