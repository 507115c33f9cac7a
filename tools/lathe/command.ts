/** One thing that an administrator does by hand: `npm run lathe -- <name> …`. */
export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  usage: string;
  /** Throws WrongUse for arguments that make no sense, any other Error with a sentence for the person at the terminal. */
  run(args: string[], say: (line: string) => void): Promise<void>;
}

/** The arguments were not understood: the usage is shown, and the exit code is 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/**
 * Runs the command that the first argument names with the others, and resolves to the exit code: 0, 1 when it could not be done, 2 when
 * it was not understood.
 */
export async function runCommand(
  commands: Record<string, Command>,
  [name = '', ...args]: string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const isHelp = ['', 'help', '--help', '-h'].includes(name);
    (isHelp ? say : complain)(listOf(commands));
    return isHelp ? 0 : 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    say(command.usage);
    return 0;
  }
  try {
    await command.run(args, say);
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    if (!isWrongUse(error)) return 1;
    complain(`\n${command.usage}`);
    return 2;
  }
}

/** Ours, or what `parseArgs` throws. */
const isWrongUse = (error: unknown): boolean =>
  error instanceof WrongUse || ((error as { code?: unknown })?.code?.toString().startsWith('ERR_PARSE_ARGS') ?? false);

function listOf(commands: Record<string, Command>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ['npm run lathe -- <command> [--help]', '', ...lines].join('\n');
}
