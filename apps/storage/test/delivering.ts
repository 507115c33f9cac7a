import { createHash, randomUUID } from 'node:crypto';
import { type AdoptArtifacts, type AttemptFiles, openAttempt } from '#contracts';
import type { StorageServers } from './storage-service.js';

const glb = Buffer.from('glTF\u0002\0\0\0 and the rest of a model');

/** An attempt whose worker has delivered a model, the request that adopts it, and where its worker may write. */
export async function deliver(
  storage: StorageServers,
  owner_id: string,
  task_id: string = randomUUID(),
): Promise<{ request: AdoptArtifacts; files: AttemptFiles }> {
  const attempt = { owner_id, task_id, attempt: 1 };
  const outputs = [{ name: 'model.glb', format: 'glb' as const }];
  const files = await storage.rpc.call(openAttempt, { ...attempt, inputs: [], outputs, expires_seconds: 600 });
  await writeTo(files);
  const sha256 = createHash('sha256').update(glb).digest('hex');
  const artifacts = [{ name: 'model.glb', format: 'glb', bytes: glb.length, sha256 }];
  return { request: { ...attempt, artifacts }, files };
}

/** Writes the model through its presigned address, as a worker does. Resolves to the status. */
export async function writeTo({ outputs }: AttemptFiles): Promise<number> {
  const { status } = await fetch(outputs[0]!.url, { method: 'PUT', body: glb as unknown as string });
  return status;
}
