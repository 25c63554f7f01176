// A folder that looks like a user's project: Posthorn installed, and the files that the pages speak of.
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './blocks.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The folder, and how programs run in it. */
export interface World {
  readonly folder: string;
  /** The environment of programs: `posthorn` is on the path, no colours. */
  readonly env: NodeJS.ProcessEnv;
  /** Removes the folder. */
  remove(): void;
}

/** Makes the folder. The package must have been built. */
export function makeWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-docs-'));
  const put = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  put('package.json', '{ "type": "module" }');
  put('invoice.pdf', '%PDF-1.4\n%an invoice\n');
  put('report.pdf', '%PDF-1.4\n%a report\n');
  put('logo.png', Buffer.from(pixel, 'base64'));
  put('password.txt', 'secret\n');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const account = {
    client_email: 'robot@example.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    private_key_id: 'k1',
  };
  put('service-account.json', JSON.stringify(account));
  for (const name of ['stored.eml', 'bounce.eml']) {
    copyFileSync(`${root}examples/messages/${name}`, join(folder, name));
  }
  mkdirSync(join(folder, 'outbox'));
  for (const name of ['1.eml', '2.eml']) {
    copyFileSync(`${root}examples/messages/stored.eml`, join(folder, 'outbox', name));
  }
  put('people.csv', 'email,name,order,total\nann@example.com,Ann,A-1,12.50\n');
  put('letter.eml', 'From: shop@example.com\nTo: {{ email }}\nSubject: Hi {{ name }}\n\nHi\n');
  put(
    'meeting.ics',
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20460302T100000Z\nSUMMARY:Lunch\n' +
      'ORGANIZER:mailto:ann@example.com\nATTENDEE:mailto:bob@example.com\nEND:VEVENT\nEND:VCALENDAR\n',
  );
  mkdirSync(join(folder, 'letter'));
  put('letter/headers.txt', 'From: shop@example.com\nTo: {{ email }}\nSubject: {{ order }}\n');
  put('letter/text.txt', 'Dear {{ name }}, {{ total }}\n');
  copyFileSync(`${root}test/fixtures/tls/ca.pem`, join(folder, 'authority.pem'));

  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'posthorn'), 'dir');
  symlinkSync(`${root}node_modules/@types`, join(modules, '@types'), 'dir');

  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'posthorn'),
    `#!/bin/sh\nexec '${process.execPath}' '${root}dist/bin.js' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    folder,
    env: { ...process.env, NO_COLOR: '1', PATH: [bin, process.env.PATH].join(delimiter) },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
