import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SetupProblem } from '../setup-problem.js';
import { choosePort } from './ports.js';

interface Stored {
  secrets: Record<string, string>;
  ports: Record<string, number>;
}

/** What stays the same from run to run: ports and generated secrets, in `stack.json`, readable by its owner only. */
export class StackState {
  private readonly promised = new Set<number>();

  private constructor(
    private readonly file: string,
    private readonly stored: Stored,
    /** Whether nothing was stored before: data found beside it then belongs to secrets that are lost. */
    readonly isNew: boolean,
  ) {}

  static open(dataDir: string): StackState {
    const file = path.join(dataDir, 'stack.json');
    if (!existsSync(file)) return new StackState(file, { secrets: {}, ports: {} }, true);
    return new StackState(file, read(file), false);
  }

  /** A secret that is made up at its first use. It consists of letters, digits, `-` and `_`. */
  secret(name: string): string {
    const known = this.stored.secrets[name];
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('base64url');
    this.stored.secrets[name] = made;
    this.save();
    return made;
  }

  secrets<Name extends string>(kind: string, names: readonly Name[]): Record<Name, string> {
    return Object.fromEntries(names.map((name) => [name, this.secret(`${kind}/${name}`)])) as Record<Name, string>;
  }

  /** The loopback port a server had before, or another one when somebody else has taken it. */
  async port(name: string): Promise<number> {
    const port = await choosePort(this.stored.ports[name], this.promised);
    this.promised.add(port);
    if (port !== this.stored.ports[name]) {
      this.stored.ports[name] = port;
      this.save();
    }
    return port;
  }

  private save(): void {
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.stored, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}

function read(file: string): Stored {
  try {
    const { secrets, ports } = JSON.parse(readFileSync(file, 'utf8')) as Stored;
    return { secrets: { ...secrets }, ports: { ...ports } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupProblem(
      `${file} cannot be read (${reason}). It holds the passwords of the data beside it: restore it, or remove ${path.dirname(file)} to start with no data.`,
    );
  }
}
