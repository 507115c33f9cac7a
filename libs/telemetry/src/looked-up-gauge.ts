import { Gauge, type Registry } from 'prom-client';

const lookWithinMs = 2000;

export interface Reading<Label extends string> {
  labels?: Partial<Record<Label, string>>;
  value: number;
}

type Look<Label extends string> = () => Reading<Label>[] | Promise<Reading<Label>[]>;

/** A gauge that is looked up when it is scraped: what nobody asks for costs nothing. */
export class LookedUpGauge<Label extends string = never> {
  private readonly looks = new Set<Look<Label>>();
  private readonly gauge: Gauge<Label>;

  constructor(
    registry: Registry,
    readonly name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ) {
    this.gauge = new Gauge({ name, help, labelNames, registers: [registry], collect: () => this.read() });
  }

  /** Looks there from now on, until the returned function is called. A look that fails or takes too long leaves the gauge without it. */
  from(look: Look<Label>): () => void {
    this.looks.add(look);
    return () => void this.looks.delete(look);
  }

  private async read(): Promise<void> {
    const readings = await Promise.all([...this.looks].map(readingsOf));
    this.gauge.reset();
    for (const { labels = {}, value } of readings.flat()) this.gauge.set(labels as Record<Label, string>, value);
  }
}

async function readingsOf<Label extends string>(look: Look<Label>): Promise<Reading<Label>[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reading<Label>[]>((resolve) => {
    timer = setTimeout(() => resolve([]), lookWithinMs);
  });
  try {
    return await Promise.race([look(), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
