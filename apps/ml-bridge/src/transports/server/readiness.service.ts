import { Injectable, Logger } from '@nestjs/common';
import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EnginesService } from '../../engines/engines.service.js';

const askEveryMs = 3000;
const answerWithinMs = 5000;

interface Known {
  /** null until there is one. */
  answer: boolean | null;
  asking: Promise<boolean> | null;
  askedAt: number;
}

/** Knows which servers take jobs, and asks each of them every few seconds at most. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger(ReadinessService.name);
  private readonly known = new Map<string, Known>();

  constructor(private readonly engines: EnginesService) {}

  /** As it was a few seconds ago: only the first question about a server is waited for. */
  async isReady(modelId: string, server: ServerSettings): Promise<boolean> {
    const name = JSON.stringify([modelId, server]);
    const known = this.known.get(name) ?? { answer: null, asking: null, askedAt: -Infinity };
    this.known.set(name, known);
    if (!known.asking && performance.now() - known.askedAt >= askEveryMs) {
      known.askedAt = performance.now();
      known.asking = this.ask(modelId, server).then((answer) => {
        if (answer !== known.answer) this.logger.log({ model: modelId, ready: answer });
        Object.assign(known, { answer, asking: null });
        return answer;
      });
    }
    return known.answer ?? known.asking ?? false;
  }

  private async ask(modelId: string, server: ServerSettings): Promise<boolean> {
    const signal = AbortSignal.timeout(answerWithinMs);
    const late = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false)));
    try {
      return await Promise.race([this.engines.adapterOf(server).isReady(signal), late]);
    } catch (error) {
      this.logger.warn({ model: modelId, err: error });
      return false;
    }
  }
}
