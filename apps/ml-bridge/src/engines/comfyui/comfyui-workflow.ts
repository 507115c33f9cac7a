import type { ImageView } from '#contracts';
import { EngineFailure } from '../../generations/attempt-failure.js';
import type { Job } from '#worker-contract';
import { fieldsOf } from '../../json.js';
import type { ComfyuiOptions, Slot } from '../options/comfyui-options.js';

/** A workflow in ComfyUI's API format: its nodes by their ids. */
export type Workflow = Readonly<Record<string, WorkflowNode>>;

interface WorkflowNode {
  class_type: string;
  inputs: Record<string, unknown>;
}

/** Throws an Error that says what is wrong with the file, or which option leads nowhere in it. */
export function workflowOf(content: unknown, options: ComfyuiOptions): Workflow {
  const nodes = Object.entries(fieldsOf(content));
  const broken = nodes.find(([, node]) => typeof fieldsOf(node).class_type !== 'string' || !isInputs(fieldsOf(node)));
  if (nodes.length === 0 || broken)
    throw new Error(`options.workflow is not in ComfyUI's API format: ${broken?.[0] ?? 'empty'}`);
  const workflow = content as Workflow;
  if (!Object.hasOwn(workflow, options.output))
    throw new Error(`options.output: the workflow has no node ${options.output}`);
  const { images, unlink, prompt, negative_prompt, filename_prefix, params } = options;
  const groups = [images, unlink, params, { prompt, negative_prompt, filename_prefix }];
  const astray = groups
    .flatMap((group) => Object.values<Slot | undefined>(group))
    .find((slot) => slot !== undefined && !hasSlot(workflow, slot));
  if (astray) throw new Error(`options: the workflow has no input ${astray}`);
  return workflow;
}

const isInputs = ({ inputs }: Readonly<Record<string, unknown>>): boolean =>
  typeof inputs === 'object' && inputs !== null;

/** What of a job goes where: its texts and parameters, and the names of its pictures. Throws `unsupported` for what has no place. */
export function valuesOf(
  job: Pick<Job, 'params'>,
  pictures: ReadonlyMap<string, string>,
  options: ComfyuiOptions,
): Map<Slot, unknown> {
  const { prompt, negative_prompt, ...params } = job.params;
  const values = new Map(Object.entries(params).map(([name, value]) => [options.params[name] ?? name, value]));
  for (const [name, text] of Object.entries({ prompt, negative_prompt })) {
    if (text !== undefined) values.set(placed(options[name as 'prompt'], name), text);
  }
  for (const [view, picture] of pictures)
    values.set(placed(options.images[view as ImageView], `the view ${view}`), picture);
  return values;
}

function placed(slot: Slot | undefined, what: string): Slot {
  if (slot === undefined) throw new EngineFailure('unsupported', `the workflow has no place for ${what}`);
  return slot;
}

/**
 * The workflow with these values, without the inputs of the views that are not shown: ComfyUI only runs what leads to an output. Throws
 * `unsupported` for a value without a place, or a view that the workflow cannot do without.
 */
export function filled(
  workflow: Workflow,
  values: ReadonlyMap<Slot, unknown>,
  { images, unlink }: Pick<ComfyuiOptions, 'images' | 'unlink'>,
): Workflow {
  const copy = structuredClone(workflow);
  for (const [view, slot] of Object.entries(images) as [ImageView, Slot][]) {
    if (!values.has(slot)) removeInput(copy, placed(unlink[view], `pictures without the view ${view}`));
  }
  for (const [slot, value] of values) {
    if (!hasSlot(copy, slot)) throw new EngineFailure('unsupported', `the workflow has no input ${slot}`);
    const [node, input] = partsOf(slot);
    copy[node]!.inputs[input] = value;
  }
  return copy;
}

function removeInput(workflow: Workflow, slot: Slot): void {
  const [node, input] = partsOf(slot);
  delete workflow[node]?.inputs[input];
}

function hasSlot(workflow: Workflow, slot: Slot): boolean {
  const [node, input] = partsOf(slot);
  return Object.hasOwn(workflow, node) && Object.hasOwn(workflow[node]!.inputs, input);
}

/** How much of the work each node is; one that is not there has none. */
export const weightsOf = (workflow: Workflow, { weights }: Pick<ComfyuiOptions, 'weights'>): Map<string, number> =>
  new Map(Object.keys(workflow).map((node) => [node, weights[node] ?? 1]));

/** The node and the input of a slot. */
export function partsOf(slot: Slot): [node: string, input: string] {
  const dot = slot.indexOf('.');
  return [slot.slice(0, dot), slot.slice(dot + 1)];
}
