import type { Evidence, StoredTask } from './evidence.js';

/** `succeeded` means: every artifact is there, with its bytes and their hash. */
export function artifactsAreThere({ tasks, files, objects }: Evidence): string[] {
  const byId = new Map(files.map((file) => [file.id, file]));
  const faultOf = ({ id }: StoredTask, { file_id, size_bytes, sha256, format }: StoredTask['artifacts'][number]) => {
    const file = byId.get(file_id);
    if (!file) return [`the ${format} of ${id} has no file`];
    if (file.sizeBytes !== size_bytes || file.sha256 !== sha256) return [`the ${format} of ${id} is another file`];
    const object = objects.get(file.objectKey);
    if (!object) return [`the ${format} of ${id} has no object`];
    return object.size === size_bytes && object.sha256 === sha256 ? [] : [`the ${format} of ${id} has other bytes`];
  };
  return tasks
    .filter(({ status }) => status === 'succeeded')
    .flatMap((task) => {
      const formats: string[] = task.artifacts.map(({ format }) => format);
      const missing = [...task.outputFormats, 'png'].filter((format) => !formats.includes(format));
      return [
        ...missing.map((format) => `${task.id} succeeded without its ${format}`),
        ...task.artifacts.flatMap((artifact) => faultOf(task, artifact)),
      ];
    });
}

/** Nothing temporary, nothing without a file, no file of a task that is gone or that does not count it among its artifacts. */
export function nothingIsLeftOver({ tasks, files, objects }: Evidence): string[] {
  const keys = new Set(files.map(({ objectKey }) => objectKey));
  const artifacts = new Map(tasks.map((task) => [task.id, new Set(task.artifacts.map(({ file_id }) => file_id))]));
  const strayFiles = files.filter(({ id, taskId, kind }) => kind !== 'input' && !artifacts.get(taskId ?? '')?.has(id));
  return [
    ...[...objects.keys()].filter((key) => !keys.has(key)).map((key) => `the object ${key}`),
    ...strayFiles.map(({ id, kind, taskId }) => `the ${kind} ${id} of task ${taskId}`),
  ];
}
