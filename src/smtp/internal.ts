/** What the client needs beside the public door: checked options. @module */
export type { ConnectionSettings } from './options.ts';
export { connectionSettings } from './settings.ts';
