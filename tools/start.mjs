// `npm start`: makes the clone ready, then starts the development inbox and sends real messages of every kind to it.
import { ensureBuilt, ensureInstalled, runOrExit } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
runOrExit(process.execPath, ['examples/every-kind.mjs', ...process.argv.slice(2)]);
