import type { Delivery } from './delivery.js';

/** How many calls are made at once: few enough to one host, or for one account, that slow ones leave room for everybody else's. */
export interface SendingLimits {
  atOnce: number;
  perHost: number;
  perOwner: number;
}

export const sendingLimits: SendingLimits = { atOnce: 16, perHost: 4, perOwner: 8 };

type Call = Pick<Delivery, 'host' | 'ownerId'>;

/** The calls that are on their way, and for whom there is no room now. */
export class SendingSlots {
  private readonly taken = new Set<Call>();

  constructor(private readonly limits: SendingLimits = sendingLimits) {}

  get free(): boolean {
    return this.taken.size < this.limits.atOnce;
  }

  /** Hosts and owners that have to wait. */
  get busy(): { hosts: string[]; owners: string[] } {
    const calls = [...this.taken];
    return {
      hosts: thoseWith(this.limits.perHost, calls, ({ host }) => host),
      owners: thoseWith(this.limits.perOwner, calls, ({ ownerId }) => ownerId),
    };
  }

  take(call: Call): void {
    this.taken.add(call);
  }

  release(call: Call): void {
    this.taken.delete(call);
  }
}

function thoseWith(most: number, calls: Call[], nameOf: (call: Call) => string): string[] {
  const names = calls.map(nameOf);
  return [...new Set(names)].filter((name) => names.filter((other) => other === name).length >= most);
}
