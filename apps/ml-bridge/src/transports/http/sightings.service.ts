import { Injectable } from '@nestjs/common';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { SightingsRepository } from './sightings.repository.js';

const writeEveryMs = 5000;
const mostRemembered = 10_000;
/** One that waits for a job is seen every half a minute. */
const leastSeconds = 45;

/** Knows which workers there are of those that nothing connects to us: whoever was seen a moment ago. Shared by all replicas. */
@Injectable()
export class SightingsService {
  /** When this replica last wrote a worker down. */
  private readonly written = new Map<string, number>();

  constructor(
    private readonly sightings: SightingsRepository,
    private readonly config: MlBridgeConfig,
  ) {}

  /** A worker came for a job, or reported. */
  async saw(pool: string, workerId: string): Promise<void> {
    const name = nameOf(pool, workerId);
    const now = performance.now();
    if (now - (this.written.get(name) ?? -Infinity) < writeEveryMs) return;
    if (this.written.size >= mostRemembered) this.written.clear();
    this.written.set(name, now);
    await this.sightings.record(pool, workerId);
  }

  /** A worker went away while it waited: until it comes back no job is meant for it. */
  async lost(pool: string, workerId: string): Promise<void> {
    this.written.delete(nameOf(pool, workerId));
    await this.sightings.forget(pool, workerId);
  }

  count(pool: string): Promise<number> {
    return this.sightings.count(pool, Math.max(leastSeconds, (3 * this.config.WORKER_HEARTBEAT_MS) / 1000));
  }
}

const nameOf = (pool: string, workerId: string): string => `${pool} ${workerId}`;
