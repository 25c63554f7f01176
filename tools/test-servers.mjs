// `npm run test:servers`: the tests against real servers and a real browser. What is not installed is skipped with a line
// that says how to get it; POSTHORN_REQUIRE_SERVERS=1 (CI) makes every skip a failure.
import { ensureBuilt, ensureInstalled, runOrExit } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
runOrExit(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'vitest.servers.config.ts',
  ...process.argv.slice(2),
]);
