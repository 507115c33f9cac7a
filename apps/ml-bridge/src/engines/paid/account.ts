/** How long it is believed, in milliseconds, that there is money, and that there is none. */
const believedMs = { true: 60_000, false: 15_000 };

/** Whether an account can pay, asked now and then: the answer changes seldom, and it is asked for all the time. */
export class Account {
  private last: { canPay: boolean; until: number } | null = null;

  /** `balance` may reject, which is no money. */
  constructor(private readonly balance: (signal: AbortSignal) => Promise<unknown>) {}

  async canPay(signal: AbortSignal): Promise<boolean> {
    if (this.last && Date.now() < this.last.until) return this.last.canPay;
    const balance = await this.balance(signal).catch(() => 0);
    const canPay = typeof balance === 'number' && balance > 0;
    this.last = { canPay, until: Date.now() + believedMs[`${canPay}`] };
    return canPay;
  }
}
