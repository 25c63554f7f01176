// `npm run bench`: makes the clone and the bench's own packages ready, then measures against the peers in one run.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, runOrExit } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
if (!existsSync(join(root, 'bench', 'node_modules'))) {
  runOrExit('npm', ['ci', '--no-audit', '--no-fund'], { cwd: join(root, 'bench') });
}
runOrExit(process.execPath, ['bench/run.mjs', ...process.argv.slice(2)]);
