import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, listOf, parsedJson, textOf } from '../../json.js';
import { modelFailure } from '../job-contents.js';
import type { Slot } from '../options/comfyui-options.js';

/** A file that ComfyUI saved, as `GET /view` wants it. */
export type SavedFile = Record<'filename' | 'subfolder' | 'type', string>;

/** An entry of the history. */
export type Entry = Readonly<Record<string, unknown>>;

/** A run as ComfyUI knows it. */
export type Run = { state: 'waiting' | 'running' } | { state: 'ended'; entry: Entry };

/** The run in the answer of `GET /queue`, whose rows are `[number, prompt_id, …]`. */
export function queuedRun(queue: unknown, id: string): Run | null {
  const { queue_running, queue_pending } = fieldsOf(queue);
  const holds = (rows: unknown): boolean => listOf(rows).some((row) => listOf(row)[1] === id);
  if (holds(queue_running)) return { state: 'running' };
  return holds(queue_pending) ? { state: 'waiting' } : null;
}

/** The run in the answer of `GET /history/{id}`, which is `{}` until it has ended. */
export function endedRun(history: unknown, id: string): Run | null {
  const entry = fieldsOf(history)[id];
  return entry === undefined ? null : { state: 'ended', entry: fieldsOf(entry) };
}

/**
 * The GLB that a node saved; null when the node does not say what it saved, as those of the Hunyuan3D wrapper. Throws how the run failed:
 * interrupted and failed ones have the same status, and are told apart by their messages.
 */
export function savedGlb({ status, outputs }: Entry, node: string): SavedFile | null {
  const { status_str, messages } = fieldsOf(status);
  if (status_str !== 'success') throw failureOfRun(messages);
  const files = listOf(fieldsOf(fieldsOf(outputs)[node])['3d']).map(fieldsOf);
  if (files.length === 0) return null;
  const glb = files.find(({ filename }) => textOf(filename)?.endsWith('.glb'));
  if (!glb) throw new EngineFailure('output_rejected', `node ${node} saved no GLB`);
  return {
    filename: textOf(glb.filename) ?? '',
    subfolder: textOf(glb.subfolder) ?? '',
    type: textOf(glb.type) ?? 'output',
  };
}

function failureOfRun(messages: unknown): EngineFailure {
  const dataOf = (event: string): unknown =>
    listOf(messages)
      .map(listOf)
      .find(([name]) => name === event)?.[1];
  if (dataOf('execution_interrupted')) return new EngineFailure('engine_unavailable', 'interrupted at the server');
  const { node_type, exception_type, exception_message } = fieldsOf(dataOf('execution_error'));
  const detail = [node_type, exception_type, exception_message].map((text) => textOf(text) ?? '?').join(': ');
  return modelFailure(detail);
}

/** How much of each node is done, from 0 to 1. */
export type NodesDone = Readonly<Record<string, number>>;

/**
 * What a message of the WebSocket says of a run: `progress_state` of all its nodes, `progress` of the one at work in servers before that,
 * `execution_cached` of those that need not run again.
 */
export function nodesDone(message: string, id: string): NodesDone {
  const { type, data } = fieldsOf(parsedJson(message));
  const { prompt_id, nodes, node, value, max } = fieldsOf(data);
  if (prompt_id !== id) return {};
  if (type === 'execution_cached') return Object.fromEntries(listOf(nodes).map((cached) => [String(cached), 1]));
  if (type === 'progress') return { [String(node)]: share(value, max) };
  if (type !== 'progress_state') return {};
  const states = Object.entries(fieldsOf(nodes)).map(([name, state]) => [name, fieldsOf(state)] as const);
  return Object.fromEntries(states.map(([name, state]) => [name, share(state.value, state.max)]));
}

const share = (value: unknown, max: unknown): number =>
  typeof value === 'number' && typeof max === 'number' && max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0;

/** Of validation, when the value is not one that the input takes. */
const wrongValue = /^(value_smaller_than_min|value_bigger_than_max|value_not_in_list|invalid_input_type)$/;

/**
 * Why `POST /prompt` was refused: a picture that cannot be read, a value of the job's that its input does not take, or a workflow that
 * this server cannot run at all. Without the values, among which texts may be.
 */
export function refusal(body: unknown, values: ReadonlyMap<Slot, unknown>, pictures: readonly Slot[]): EngineFailure {
  const faults = faultsOf(body);
  const why = textOf(fieldsOf(fieldsOf(body).error).type) ?? 'refused';
  const detail = [why, ...faults.map(({ slot, type }) => `${slot} ${type}`)].join(', ');
  if (faults.some(({ slot }) => pictures.includes(slot))) return new EngineFailure('bad_input', detail);
  const isOurs = faults.some(({ slot, type }) => values.has(slot) && wrongValue.test(type));
  return new EngineFailure(isOurs ? 'unsupported' : 'model_error', detail);
}

function faultsOf(body: unknown): { slot: Slot; type: string }[] {
  return Object.entries(fieldsOf(fieldsOf(body).node_errors)).flatMap(([node, report]) =>
    listOf(fieldsOf(report).errors).map((fault) => {
      const { type, extra_info } = fieldsOf(fault);
      return { slot: `${node}.${textOf(fieldsOf(extra_info).input_name) ?? ''}`, type: textOf(type) ?? '' };
    }),
  );
}
