import { modelOf } from './catalogue-entry.js';
import type { CatalogueModel } from '../catalogue-model.js';
import { schemaFaults } from '../schema/models-check.js';
import type { ModelEntry, ModelsFile } from './models-file.js';
import { ruleFaults } from './model-rules.js';
import { withSettings } from './references.js';
import { type Fault, YamlText } from './yaml-text.js';

export interface Catalogue {
  /** What is enabled, and whose licence is accepted where it has to be. */
  models: readonly CatalogueModel[];
  /** What somebody should know, in sentences. */
  notes: readonly string[];
}

export interface Source {
  /** The name of the file, for the errors. */
  file: string;
  /** A setting that the file names as `${NAME}`; undefined when it is not set. */
  setting: (name: string) => string | undefined;
}

/** The file cannot be used: each line names the place, the model and what is wrong, and never a value of a setting. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';

  constructor(readonly lines: readonly string[]) {
    super(`wrong models:\n  ${lines.join('\n  ')}`);
  }
}

const mostLines = 20;

/** The models of models.yaml. Throws a CatalogueError. */
export function readCatalogue(text: string, { file, setting }: Source): Catalogue {
  const yaml = new YamlText(text, file);
  if (yaml.syntaxErrors.length > 0) throw new CatalogueError(yaml.syntaxErrors.slice(0, mostLines));
  refuse(schemaFaults(yaml.value), yaml);
  const { models } = yaml.value as ModelsFile;
  refuse(ruleFaults({ version: 1, models }), yaml);
  const read = models.map((entry, index) => started(entry, index, setting));
  refuse(
    read.flatMap(({ faults }) => faults),
    yaml,
  );
  return { models: read.flatMap(({ model }) => model ?? []), notes: read.flatMap(({ note }) => note ?? []) };
}

interface Started {
  model: CatalogueModel | null;
  note: string | null;
  faults: Fault[];
}

/** An entry that is off, or whose licence is not accepted, is not started, and needs no settings. */
function started(entry: ModelEntry, index: number, setting: Source['setting']): Started {
  const { license, enabled = true } = entry;
  if (!enabled) return { model: null, note: null, faults: [] };
  if (license.must_be_accepted && !license.accepted) return { model: null, note: unaccepted(entry), faults: [] };
  const { value: transport, missing } = withSettings(entry.transport, setting);
  const model = modelOf({ ...entry, transport });
  const messages = missing.length > 0 ? missing.map((name) => `names \${${name}}, which is not set`) : wrongUrl(model);
  const path = ['models', String(index), 'transport'];
  return { model, note: null, faults: messages.map((message) => ({ path, message })) };
}

const unaccepted = ({ id, license }: ModelEntry): string =>
  `The model ${id} is not offered: read its licence (${[license.name, license.url].filter(Boolean).join(', ')})` +
  `${license.territory ? `, which is valid in: ${license.territory}` : ''}, and set license.accepted to true if you keep to it`;

function wrongUrl({ transport }: CatalogueModel): string[] {
  if (transport.type === 'server' && !isUrl(transport.url, ['http:', 'https:']))
    return ['has no http or https URL as url'];
  const brokers = ['amqp:', 'amqps:', 'redis:', 'rediss:'];
  if (transport.type === 'celery' && !isUrl(transport.brokerUrl, brokers)) {
    return ['has no amqp, amqps, redis or rediss URL as broker_url'];
  }
  return [];
}

const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

function refuse(faults: readonly Fault[], yaml: YamlText): void {
  if (faults.length === 0) return;
  const lines = faults.map((fault) => lineOf(fault, yaml));
  throw new CatalogueError([...new Set(lines)].slice(0, mostLines));
}

function lineOf({ path, message }: Fault, yaml: YamlText): string {
  const [first, index, ...inside] = path;
  const inModel = first === 'models' && index !== undefined;
  const place = (inModel ? inside : path).join('.');
  const where = [inModel ? `model ${nameOf(yaml.value, Number(index))}` : '', place].filter(Boolean).join(', ');
  return `${yaml.placeOf(path)}: ${where ? `${where}: ` : ''}${message}`;
}

function nameOf(file: unknown, index: number): string {
  const entry = (file as { models: unknown[] }).models[index] as { id?: unknown } | null;
  return typeof entry?.id === 'string' ? JSON.stringify(entry.id) : `number ${index + 1}`;
}
