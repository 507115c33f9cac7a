/** `node dist/tools/debian/main.js python redis`: prints why each set cannot be had, as JSON; the reason is null for one that is there now. */
import { folderOf } from './find-program.js';
import { setNamed } from './sets.js';

const reasons: Record<string, string | null> = {};
for (const name of process.argv.slice(2)) {
  const found = await folderOf(setNamed(name), (line) => console.error(line));
  reasons[name] = 'missing' in found ? found.missing : null;
}
console.log(JSON.stringify(reasons));
