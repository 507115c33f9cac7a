import { mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import type { CatalogueModel } from '../src/catalogue/catalogue-model.js';
import type { ModelsFile } from '../src/catalogue/file/models-file.js';
import { readCatalogue } from '../src/catalogue/file/read-catalogue.js';

const file = 'config/models.yaml';
const shippedText = readFileSync(file, 'utf8');

/** The models that Lathe offers as it comes. */
export const shippedModels: readonly CatalogueModel[] = readCatalogue(shippedText, {
  file,
  setting: () => undefined,
}).models;

/** models.yaml as it is written. */
export const shippedFile = (): ModelsFile => parse(shippedText) as ModelsFile;

let every: readonly CatalogueModel[] | undefined;

/** Every model of models.yaml, as if all were enabled, their licences accepted and their settings there. */
export const everyModel = (): readonly CatalogueModel[] => (every ??= readEveryModel());

function readEveryModel(): readonly CatalogueModel[] {
  const models = shippedFile().models.map((entry) => ({
    ...entry,
    enabled: true,
    license: { ...entry.license, accepted: true },
  }));
  return readCatalogue(JSON.stringify({ version: 1, models }), { file, setting: aSetting }).models;
}

const aSetting = (name: string): string => {
  if (name.endsWith('_BROKER_URL')) return 'amqp://broker.test';
  return name.endsWith('_URL') ? 'http://engine.test' : 'a-key-of-the-test';
};

/** One of them, disabled or not. */
export function modelOfFile(id: string): CatalogueModel {
  const model = everyModel().find(({ offer }) => offer.id === id);
  if (!model) throw new Error(`models.yaml has no ${id}`);
  return model;
}

/**
 * A models file of a test's own, for MODELS_FILE. It is changed as Kubernetes changes a mounted ConfigMap: a link on the way to it is
 * replaced.
 */
export function aModelsFile(text: string): { path: string; write: (text: string) => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-models-'));
  let versions = 0;
  const write = (changed: string): void => {
    const version = path.join(folder, `v${versions++}`);
    mkdirSync(version);
    writeFileSync(path.join(version, path.basename(file)), changed);
    symlinkSync(version, `${version}-link`);
    renameSync(`${version}-link`, path.join(folder, 'data'));
  };
  write(text);
  return { path: path.join(folder, 'data', path.basename(file)), write };
}
