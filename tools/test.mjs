// `npm test`: makes the clone ready, then runs the tests. Arguments go to vitest.
import { ensureBuilt, ensureInstalled, runOrExit } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
runOrExit(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);
