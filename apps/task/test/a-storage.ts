import { randomUUID } from 'node:crypto';
import { type FileView, type HoldFiles, holdFiles, Problem, releaseFiles } from '#contracts';
import { StandIn } from '#testing';

/** The storage service as the task service sees it: files of accounts, held for tasks. */
export class AStorage {
  readonly holds = new Map<string, HoldFiles>();
  /** What it does before it holds anything. */
  meanwhile: () => Promise<void> = async () => {};
  down = false;
  private readonly files = new Map<string, { owner: string; file: FileView }>();
  private readonly service: StandIn;

  constructor(url: string) {
    this.service = new StandIn(url, 'storage')
      .answer(holdFiles, async (request) => {
        if (this.down) throw new Problem('service_unavailable');
        await this.meanwhile();
        const files = request.file_ids.flatMap((id) => this.files.get(id) ?? []);
        const own = files.filter(({ owner }) => owner === request.owner_id);
        if (own.length === request.file_ids.length) this.holds.set(request.task_id, request);
        return { files: own.map(({ file }) => file) };
      })
      .answer(releaseFiles, async ({ task_id }) => {
        this.holds.delete(task_id);
        return {};
      });
  }

  /** A file of an account; its id. */
  keep(owner: string, media_type: string): string {
    const file_id = randomUUID();
    const file: FileView = {
      file_id,
      filename: 'a file',
      media_type,
      size_bytes: 1,
      sha256: 'a'.repeat(64),
      kind: 'input',
      created_at: new Date().toISOString(),
      url: `/files/${file_id}`,
    };
    this.files.set(file_id, { owner, file });
    return file_id;
  }

  forget(file_id: string): void {
    this.files.delete(file_id);
  }

  start(): Promise<unknown> {
    return this.service.start();
  }

  stop(): Promise<void> {
    return this.service.stop();
  }
}
