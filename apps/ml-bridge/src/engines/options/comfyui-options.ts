import { type ImageView, imageViews } from '#contracts';
import type { OptionsSchema } from './options-schema.js';

/** Where a value goes in a workflow: `<node>.<input>`. */
export type Slot = string;

/** The `options` of a ComfyUI server in models.yaml. */
export interface ComfyuiOptions {
  workflow: string;
  output: string;
  images: Partial<Record<ImageView, Slot>>;
  unlink: Partial<Record<ImageView, Slot>>;
  prompt?: Slot;
  negative_prompt?: Slot;
  filename_prefix?: Slot;
  params: Readonly<Record<string, Slot>>;
  weights: Readonly<Record<string, number>>;
}

const slot = (description: string): object => ({ type: 'string', pattern: String.raw`^[^.]+\.[^.]+$`, description });

const slots = (description: string): object => ({
  type: 'object',
  additionalProperties: false,
  default: {},
  description,
  properties: Object.fromEntries(imageViews.map((view) => [view, slot(`Of the picture from this side: ${view}`)])),
});

export const comfyuiOptions: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    workflow: { type: 'string', minLength: 1, description: "The file of the workflow, in ComfyUI's API format" },
    output: { type: 'string', minLength: 1, description: 'The node that saves the model' },
    images: slots('Where the names of the uploaded pictures go, each as `<node>.<input>`'),
    unlink: slots('The inputs that are taken away when there is no picture from this side'),
    prompt: slot('Where the prompt goes'),
    negative_prompt: slot('Where goes what is not wanted'),
    filename_prefix: slot("Where the saving node has the beginning of its file's name: each job gets its own"),
    params: {
      type: 'object',
      additionalProperties: slot('Of this parameter'),
      default: {},
      description: 'Where those parameters go that are not named by their place, as `model_params`',
    },
    weights: {
      type: 'object',
      additionalProperties: { type: 'number', exclusiveMinimum: 0, maximum: 10_000 },
      default: {},
      description: 'How much of the work the nodes are, against those that are not named here, which count 1 each',
    },
  },
  required: ['workflow', 'output'],
};
