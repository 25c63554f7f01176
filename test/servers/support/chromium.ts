// The real browser that looks at the page of the inbox.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { required } from './peer.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Starts Chromium; `undefined` when it is not installed here, with a line on the terminal that says so. */
export async function startChromium(): Promise<Browser | undefined> {
  if (!existsSync(executablePath)) {
    const how = 'apt-get install chromium, or set CHROMIUM to its path';
    if (required) throw new Error(`No Chromium at ${executablePath}: ${how}`);
    console.warn(`\n*** not tested in Chromium: none at ${executablePath}; ${how} ***\n`);
    return undefined;
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
