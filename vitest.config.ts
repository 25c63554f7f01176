import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// POSTHORN_TEST_DIST=1 runs the same tests on the built package instead of the sources.
const built = process.env['POSTHORN_TEST_DIST'] === '1';
const entry = (source: string, dist: string): string =>
  fileURLToPath(new URL(built ? `dist/${dist}` : `src/${source}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^posthorn$/, replacement: entry('index.ts', 'index.js') },
      { find: /^posthorn\/mime$/, replacement: entry('mime/index.ts', 'mime.js') },
      { find: /^posthorn\/smtp$/, replacement: entry('smtp.ts', 'smtp.js') },
      { find: /^posthorn\/auth$/, replacement: entry('auth/index.ts', 'auth.js') },
      { find: /^posthorn\/calendar$/, replacement: entry('calendar/index.ts', 'calendar.js') },
      { find: /^posthorn\/template$/, replacement: entry('template/index.ts', 'template.js') },
      { find: /^posthorn\/outlook$/, replacement: entry('mapi/index.ts', 'outlook.js') },
      { find: /^posthorn\/convert$/, replacement: entry('convert/index.ts', 'convert.js') },
      { find: /^posthorn\/delivery$/, replacement: entry('delivery/index.ts', 'delivery.js') },
      { find: /^posthorn\/inbox$/, replacement: entry('inbox/index.ts', 'inbox.js') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/servers/**', 'node_modules/**'],
    // What is shipped is loaded by Node itself, as a user's program does it: what loads on first use shares its classes.
    ...(built && { server: { deps: { external: [/\/dist\//] } } }),
    testTimeout: 20_000,
    pool: 'threads',
    // The default leaves a core free: on two cores that is half of them.
    maxWorkers: '100%',
  },
});
