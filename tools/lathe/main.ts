/** `npm run lathe -- <command>`, in a container `node dist/tools/lathe/main.js <command>`: what an administrator does by hand. */
import 'reflect-metadata';
import { backupCommand, restoreCommand } from './backup/commands.js';
import { runCommand } from './command.js';

const commands = { backup: backupCommand, restore: restoreCommand };

process.exitCode = await runCommand(commands, process.argv.slice(2), console.log, console.error);
