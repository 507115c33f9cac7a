import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIPv6 } from 'node:net';
import { Client } from 'undici';
import type { AddressGuard } from './address-guard.js';
import type { Outcome } from './delivery.js';
import { addressesOf, type FindAddresses } from './host-addresses.client.js';
import { outcomeOfAnswer, outcomeOfFailure, Refused, TooSlow } from './outcome.js';

/** More than that of an answer nobody waits for. */
const mostOfAnswerBytes = 16_384;

export interface WebhookClientOptions {
  findAddresses?: FindAddresses;
  /** How long a call may take, from the look-up of the name to the end of the answer. */
  limitMs?: number;
}

/**
 * Calls addresses that anybody gave us. Each call is a connection of its own, to an address that was checked: the one the name stood
 * for when it was connected, not when it was looked at. Redirects are not followed, and no proxy of the environment is asked.
 */
export class WebhookClient {
  private readonly findAddresses: FindAddresses;
  private readonly limitMs: number;

  constructor(
    private readonly guard: AddressGuard,
    { findAddresses = addressesOf, limitMs = 15_000 }: WebhookClientOptions = {},
  ) {
    this.findAddresses = findAddresses;
    this.limitMs = limitMs;
  }

  /** Posts a body. Whatever goes wrong is an outcome, never an error. */
  async post(url: string, headers: Record<string, string>, body: string): Promise<Outcome> {
    const refusal = this.guard.refusalOf(url); // of an address in the URL itself: it is not looked up
    if (refusal !== null) return outcomeOfFailure(new Refused(`The address ${refusal}.`));
    const target = new URL(url);
    const client = new Client(target.origin, {
      connect: { lookup: this.lookupFor(target), timeout: this.limitMs },
      pipelining: 0,
    });
    const tooSlow = new TooSlow(`There was no answer within ${this.limitMs / 1000} seconds.`);
    const timer = setTimeout(() => void client.destroy(tooSlow), this.limitMs);
    try {
      return outcomeOfAnswer(await send(client, target, headers, body));
    } catch (error) {
      return outcomeOfFailure(error);
    } finally {
      clearTimeout(timer);
      await client.destroy();
    }
  }

  /** Looks a name up for the connection itself. */
  private lookupFor(target: URL): LookupFunction {
    return (host, { all }, found) => {
      this.checkedAddressesOf(target, host).then(
        ([first, ...rest]) => (all ? found(null, [first, ...rest]) : found(null, first.address, first.family)),
        (error: NodeJS.ErrnoException) => found(error, ''),
      );
    };
  }

  /** One address that may not be called is enough to call none. */
  private async checkedAddressesOf(target: URL, host: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...rest] = await this.findAddresses(host);
    if (first === undefined || ![first, ...rest].every((address) => this.guard.allows(target, address))) {
      throw new Refused('The host is at an address that may not be called.');
    }
    return [familiar(first), ...rest.map(familiar)];
  }
}

const familiar = (address: string): LookupAddress => ({
  address,
  family: isIPv6(address) ? 6 : 4,
});

/** Resolves to the status as soon as it counts: what comes after it is read a little, for the sake of the connection. */
async function send(client: Client, target: URL, headers: Record<string, string>, body: string): Promise<number> {
  const path = `${target.pathname}${target.search}`;
  const answer = await client.request({ method: 'POST', path, headers, body });
  await answer.body.dump({ limit: mostOfAnswerBytes }).catch(() => undefined);
  return answer.statusCode;
}
