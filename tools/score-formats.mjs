// `node tools/score-formats.mjs`: whether `detectFormat` tells the format of every file of a corpus right. What is right is
// worked out from the file's name, its place in the corpus and its first octets, the few that mislead are listed here. The
// corpus is no part of the project: it is looked for beside it (../shared/corpus) or where POSTHORN_CORPUS says.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

const corpus = process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus');
if (!existsSync(join(corpus, 'outlook'))) {
  console.log('score-formats: skipped, no corpus; name it: POSTHORN_CORPUS=folder');
  process.exit(0);
}
ensureInstalled();
if (process.env.POSTHORN_DIST === undefined) ensureBuilt();
const dist = process.env.POSTHORN_DIST ?? join(root, 'dist');
const { detectFormat } = await import(join(dist, 'convert.js'));

/** What no name and no place tells: files with a wrong name, pieces of files, and texts about mail. */
const misnamed = [
  [/zbateson\/.*\/winmail\.dat$/, undefined], // A PNG picture.
  [/octet-stream-with-mixed-line-endings\.dat$/, 'eml'],
  [/multipart-related-mhtml\.txt$/, 'mht'],
  [/yenc\/state-changes\.ntx$/, undefined],
  [/\/erroneous\.raw$/, undefined],
  [/\/part-(?:content-only|empty)\.golden$/, undefined],
  [/\.html?$/, 'html'],
  // Mail whose first field is none that all mail has.
  [/flufl\.bounce\/.*microsoft_02\.txt$|mimekit\/.*unmunged\.mbox\.txt$|nice\/base64\.txt$/, 'eml'],
  [/spam\/bsmtp$|headers\/(?:basic-2|encoded-headers)$/, 'eml'],
  [/mailbox\/mbox-0$/, 'mbox'],
  [
    /(?:Index_Error|fuzz_testcase_invalid_month|issue_178_component_with_invalid_name_represented)\.ics$/,
    undefined,
  ],
  [/tnef_vtodo_fixture\.txt$/, 'ics'],
];

const byExtension = {
  eml: 'eml',
  emlx: 'emlx',
  msg: 'msg',
  oft: 'oft',
  tnef: 'tnef',
  mhtml: 'mht',
  ics: 'ics',
  vcs: 'ics',
  vcf: 'vcf',
  mbox: 'mbox',
  pst: 'pst',
  olm: 'olm',
  raw: 'eml',
  golden: 'eml',
  message: 'eml',
  ntx: 'eml',
  dat: 'tnef',
};
const none =
  /\.(?:json|jsonl|png|jpg|pdf|pem|pfx|p12|p7m|p7s|key|crt|crl|cfg|conf|cnf|rtf|doc|xls|sig|sh|py|pub|sec|md|yml|wav|xml|data|tsv|bind9|tinydns|qp|gz)$/;

/** What the first octets leave no doubt about, for files whose name tells nothing. */
function byContent(path) {
  const file = openSync(path);
  const octets = Buffer.alloc(16_384);
  const head = octets.toString('latin1', 0, readSync(file, octets));
  closeSync(file);
  if (/^\d+\s*\n/.test(head)) return undefined;
  if (head.startsWith('BEGIN:VCALENDAR')) return 'ics';
  const lines = head.split(/\r\n?|\n/);
  while (lines[0]?.trim() === '') lines.shift();
  if (/^>?From /.test(lines[0] ?? '')) return 'eml';
  return /^(?:received|from|to|subject|return-path|delivered-to|date|mime-version|content-type|message-id|x-[a-z-]+|dkim-[a-z-]+|resent-[a-z-]+|autocrypt|chat-[a-z-]+|authentication-results|arc-[a-z-]+|reply-to|cc|list-[a-z-]+|sender|user-agent|references|in-reply-to|importance|thread-[a-z-]+|content-[a-z-]+|received-spf|envelope-to|organization|newsgroups|path|xref|require-recipient-valid-since|disposition-notification-to)[ \t]*:/i.test(
    lines[0] ?? '',
  )
    ? 'eml'
    : undefined;
}

function expected(path) {
  const known = misnamed.find(([pattern]) => pattern.test(path));
  if (known) return known[1];
  if (none.test(path)) return undefined;
  const extension = /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase();
  // MSG is also what some call a message of the internet.
  if (extension === 'msg' && path.includes('/mail/')) return 'eml';
  return byExtension[extension] ?? byContent(path);
}

let wrong = 0;
let files = 0;
const tally = new Map();
for (const name of ['mail', 'outlook']) {
  for (const inside of readdirSync(join(corpus, name), { recursive: true })) {
    const path = join(corpus, name, inside);
    if (!statSync(path).isFile()) continue;
    files++;
    const found = await detectFormat(path);
    tally.set(found, (tally.get(found) ?? 0) + 1);
    const right = expected(path);
    if (found === right) continue;
    wrong++;
    console.log(`${name}/${inside}: ${found}, not ${right}`);
  }
}
console.log([...tally].map(([format, count]) => `${format ?? 'other'} ${count}`).join(', '));
console.log(`${files - wrong} of ${files} files told right`);
process.exitCode = wrong === 0 ? 0 : 1;
