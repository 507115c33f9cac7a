import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { ConfigError, settingsFrom } from '#runtime';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import type { CatalogueModel } from './catalogue-model.js';
import { type Catalogue, CatalogueError, readCatalogue } from './file/read-catalogue.js';

const lookEveryMs = 1000;

/**
 * The models of this deployment as they are now: those of MODELS_FILE, of which a new version is taken over once it has been the same for
 * a second. A wrong one is logged, and the models stay as they were; at the start it is a ConfigError.
 */
@Injectable()
export class CatalogueService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CatalogueService.name);
  private readonly work = new RecurringWork(CatalogueService.name, lookEveryMs, () => this.look());
  private readonly file: string;
  private models: readonly CatalogueModel[];
  /** The version that was judged last, and the one that was found last: texts, or why there was none. */
  private judged: string;
  private found: string;

  constructor({ MODELS_FILE: file }: MlBridgeConfig) {
    this.file = file;
    this.found = this.judged = textAtStart(file);
    this.models = this.taken(startingWith(() => read(this.judged, file)));
  }

  onApplicationBootstrap(): void {
    this.work.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  all(): readonly CatalogueModel[] {
    return this.models;
  }

  find(id: string | null): CatalogueModel | undefined {
    return this.all().find(({ offer }) => offer.id === id);
  }

  /** By content: neither mounts nor links tell of a change. */
  private async look(): Promise<void> {
    const text = await readFile(this.file, 'utf8').catch((error: Error) => error);
    const version = String(text);
    const isSteady = version === this.found;
    this.found = version;
    if (!isSteady || version === this.judged) return;
    this.judged = version;
    try {
      if (text instanceof Error) throw text;
      this.models = this.taken(read(text, this.file));
    } catch (error) {
      this.logger.error(`the models stay as they were: ${(error as Error).message}`);
    }
  }

  private taken({ models, notes }: Catalogue): readonly CatalogueModel[] {
    this.logger.log({ models: models.map(({ offer }) => offer.id) });
    for (const note of notes) this.logger.warn(note);
    return models;
  }
}

const read = (text: string, file: string): Catalogue =>
  readCatalogue(text, { file, setting: (name) => settingsFrom([name])[name] });

function textAtStart(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`MODELS_FILE names a file that cannot be read (${code}): ${file}`]);
  }
}

function startingWith(first: () => Catalogue): Catalogue {
  try {
    return first();
  } catch (error) {
    throw error instanceof CatalogueError ? new ConfigError([...error.lines]) : error;
  }
}
