import { stringify } from 'yaml';
import type { ModelEntry } from '../src/catalogue/file/models-file.js';
import { type Catalogue, readCatalogue } from '../src/catalogue/file/read-catalogue.js';

/** A model of models.yaml that has all it needs; say only what the test is about. */
export const anEntry = (about: Partial<ModelEntry> = {}): ModelEntry => ({
  id: 'gpu',
  name: 'A model',
  engine: 'an engine',
  description: 'for tests',
  inputs: ['image'],
  max_images: 1,
  transport: { type: 'http', pool: 'gpu' },
  license: { name: 'MIT' },
  ...about,
});

const settings: Record<string, string> = { BROKER_URL: 'redis://:secret@broker', WRONG_URL: 'secret' };

/** The settings that it may name are BROKER_URL and WRONG_URL. */
export const read = (text: string): Catalogue =>
  readCatalogue(text, { file: 'models.yaml', setting: (name) => settings[name] });
export const readEntries = (...entries: object[]): Catalogue => read(stringify({ version: 1, models: entries }));
export const readOne = (about: object): Catalogue => readEntries({ ...anEntry(), ...about });

/** How to reach Celery workers. */
export const celery = (broker_url: string) => ({
  transport: { type: 'celery', broker_url, queue: 'jobs', task: 'make' },
});
/** How to reach somebody else's server. */
export const server = (about: object = {}) => ({
  transport: { type: 'server', engine: 'hunyuan3d-2', url: 'http://gpu:8081', ...about },
});
