import { type FileUsage, Problem } from '#contracts';

/** Refuses one more file of so many bytes that an account has no room for. */
export function expectRoom({ files, bytes, max_files, max_bytes }: FileUsage, moreBytes: number): void {
  if (files >= max_files) throw exceeded('files', max_files, files);
  if (bytes + moreBytes > max_bytes) throw exceeded('bytes', max_bytes, bytes);
}

const exceeded = (what: string, limit: number, used: number): Problem =>
  new Problem('storage_quota_exceeded', `The account keeps ${used} ${what}; at most ${limit} are possible`, {
    members: { limit, used },
  });
