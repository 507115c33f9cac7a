import { beginSpan, type OpenSpan } from '#telemetry';

/** A span for each stage of a job: one ends where the next begins. */
export class StageSpans {
  private open: OpenSpan | undefined;
  private stage = '';

  enter(stage: string): void {
    if (stage === this.stage) return;
    this.end();
    this.stage = stage;
    this.open = beginSpan(stage, 'internal');
  }

  end(): void {
    this.open?.end();
    this.open = undefined;
  }
}
