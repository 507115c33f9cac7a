import type { ModelFormat, ModelInput } from '#contracts';
import type { EngineName } from '../catalogue-model.js';
import type { StandardName, ValueSchema } from '../standard-params.js';

/** models.yaml as it is written, once it fits its schema. Every field is described in models-schema.ts. */
export interface ModelsFile {
  version: 1;
  models: ModelEntry[];
}

export interface ModelEntry {
  id: string;
  name: string;
  engine: string;
  description: string;
  enabled?: boolean;
  inputs: ModelInput[];
  max_images: number;
  parameters?: ParameterEntries;
  transport: TransportEntry;
  slots?: number;
  stages?: StageEntry[];
  stall_seconds?: number;
  output_formats?: ModelFormat[];
  finish?: boolean;
  license: LicenseEntry;
  price?: number;
  weight?: number;
}

export type ParameterEntry = ValueSchema & { maps_to?: string };

export type ParameterEntries = Partial<Record<StandardName, ParameterEntry>> & {
  model_params?: { properties: Record<string, ValueSchema> };
};

export interface StageEntry {
  name: string;
  deadline_seconds?: number;
  weight?: number;
}

export interface LicenseEntry {
  name: string;
  url?: string;
  territory?: string;
  commercial_use?: boolean;
  must_be_accepted?: boolean;
  accepted?: boolean;
}

export type TransportEntry =
  | { type: 'amqp' | 'http'; pool: string }
  | { type: 'celery'; broker_url: string; queue: string; task: string }
  | { type: 'server'; engine: EngineName; url: string; api_key?: string; options?: Record<string, unknown> };
