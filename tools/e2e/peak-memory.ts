import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const mebibyte = 1024 * 1024;

/** A process and those that it started. */
interface Watched {
  name: string;
  pid: number;
  before: number;
}

/** How much more memory processes had at any moment since they were watched. Linux keeps the exact peak: proc_pid_status(5), VmHWM. */
export class PeakMemory {
  private constructor(private readonly watched: Watched[]) {}

  static of(processes: ReadonlyMap<string, { pid: number | undefined }>): PeakMemory {
    const watched = [...processes].flatMap(([name, { pid }]) =>
      pid === undefined ? [] : familyOf(pid).map((member) => ({ name, pid: member, before: watch(member) })),
    );
    return new PeakMemory(watched);
  }

  /** In MiB, for each name the process that grew most; one that has ended meanwhile is not asked. */
  growth(): Record<string, number> {
    const grown: Record<string, number> = {};
    for (const { name, pid, before } of this.watched.filter(({ pid: one }) => existsSync(`/proc/${one}`))) {
      grown[name] = Math.max(grown[name] ?? 0, Math.round((bytesOf(pid, 'VmHWM') - before) / mebibyte));
    }
    return grown;
  }
}

/** From now on the peak is the one since now (proc_pid_clear_refs(5)). Resolves to the memory that the process has. */
function watch(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return bytesOf(pid, 'VmRSS');
}

function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

/** The process and its children, whose parent is the fourth field of proc_pid_stat(5). */
function familyOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .flatMap((name) => familyOf(Number(name)));
  return [pid, ...children];
}

function parentOf(pid: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return Number(fields?.[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}
