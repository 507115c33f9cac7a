import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Problem } from '#contracts';
import { metrics } from '#telemetry';
import { GatewayConfig } from '../gateway.config.js';
import { Slots } from './slots.js';

/** Bounds what passes through this process at once: each transfer has buffers and connections on both sides. */
@Injectable()
export class TransfersService implements OnModuleInit, OnModuleDestroy {
  private readonly downloads: Slots;
  private readonly uploads: Slots;
  private stopTelling = (): void => undefined;

  constructor(config: GatewayConfig) {
    this.downloads = new Slots({ total: config.MAX_DOWNLOADS, perHolder: config.MAX_DOWNLOADS_PER_ACCOUNT });
    this.uploads = new Slots({ total: config.MAX_UPLOADS, perHolder: config.MAX_UPLOADS_PER_ACCOUNT });
  }

  onModuleInit(): void {
    this.stopTelling = metrics.transfersOpen.from(() => [
      { labels: { direction: 'download' }, value: this.downloads.inUse },
      { labels: { direction: 'upload' }, value: this.uploads.inUse },
    ]);
  }

  onModuleDestroy(): void {
    this.stopTelling();
  }

  /** Does it as one of the downloads that go on at once; refuses one too many, with a time to wait. */
  download<T>(account: string, work: () => Promise<T>): Promise<T> {
    return oneOf(this.downloads, 'downloads', account, work);
  }

  /** The same for uploads. */
  upload<T>(account: string, work: () => Promise<T>): Promise<T> {
    return oneOf(this.uploads, 'uploads', account, work);
  }
}

async function oneOf<T>(slots: Slots, what: string, account: string, work: () => Promise<T>): Promise<T> {
  const reached = slots.limitReached(account);
  if (reached === 'total') throw new Problem('service_unavailable', `Too many ${what} at once`, { retryAfter: 2 });
  if (reached === 'own') {
    const detail = `At most ${slots.limits.perHolder} ${what} of an account at once`;
    throw new Problem('too_many_requests', detail, { retryAfter: 5 });
  }
  slots.take(account);
  try {
    return await work();
  } finally {
    slots.release(account);
  }
}
