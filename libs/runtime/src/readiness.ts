import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { metrics } from '#telemetry';
import { type Ask, Dependency } from './dependency.js';

/** What a process needs, each by name. */
export interface Needs {
  /** Without one of these it does nothing of use: it is not ready. */
  vital: Record<string, Ask>;
  /** Without one of these a part of its work goes on: it is ready, and degraded. */
  partial?: Record<string, Ask>;
}

/** Knows what a process needs and how it was found last; Prometheus reads it there. */
@Injectable()
export class Readiness implements OnModuleInit, OnModuleDestroy {
  readonly vital: Dependency[] = [];
  readonly partial: Dependency[] = [];
  private stop: (() => void) | undefined;

  constructor(needs: Needs) {
    this.add(needs);
  }

  /** For what is made outside the module. */
  add({ vital, partial = {} }: Needs): void {
    this.vital.push(...dependenciesOf(vital));
    this.partial.push(...dependenciesOf(partial));
  }

  /** What the last probe found of each that was probed. */
  lastKnown(): Record<string, boolean> {
    const known = [...this.vital, ...this.partial].filter(({ lastKnown }) => lastKnown !== undefined);
    return Object.fromEntries(known.map(({ name, lastKnown }) => [name, lastKnown!]));
  }

  onModuleInit(): void {
    this.stop = metrics.dependencyUp.from(() =>
      Object.entries(this.lastKnown()).map(([dependency, up]) => ({ labels: { dependency }, value: up ? 1 : 0 })),
    );
  }

  onModuleDestroy(): void {
    this.stop?.();
  }
}

const dependenciesOf = (asks: Record<string, Ask>): Dependency[] =>
  Object.entries(asks).map(([name, ask]) => new Dependency(name, ask));
