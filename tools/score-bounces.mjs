// `node tools/score-bounces.mjs`: reads the bounces of a corpus of real mail, and its ordinary mail, and compares with what is
// expected. The corpus is looked for beside the project (../shared/corpus) or where POSTHORN_CORPUS says. The figures go into
// docs/bounces.md, unless --dry is given; --list names what is missed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs';

/** The reasons of Sisimai's that mean the same as ours. */
const SAME_REASON = {
  userunknown: ['unknown-user', 'mailbox-disabled'],
  filtered: ['unknown-user', 'mailbox-disabled', 'policy', 'blocked', 'spam'],
  hostunknown: ['unknown-host'],
  notaccept: ['unknown-host', 'blocked', 'policy'],
  mailboxfull: ['mailbox-full'],
  exceedlimit: ['message-too-large', 'mailbox-full'],
  mesgtoobig: ['message-too-large'],
  expired: ['expired', 'network'],
  networkerror: ['network', 'loop', 'unknown-host', 'expired'],
  rejected: ['sender-refused', 'policy', 'blocked', 'unknown-user'],
  blocked: ['blocked', 'policy', 'rate-limited'],
  badreputation: ['blocked'],
  requireptr: ['blocked', 'authentication'],
  authfailure: ['authentication'],
  policyviolation: ['policy', 'content', 'blocked'],
  securityerror: ['policy', 'blocked', 'authentication'],
  norelaying: ['relaying-denied'],
  suspend: ['mailbox-disabled'],
  hasmoved: ['moved'],
  systemerror: ['system', 'loop', 'network'],
  systemfull: ['system', 'mailbox-full'],
  mailererror: ['system'],
  spamdetected: ['spam', 'policy', 'blocked'],
  virusdetected: ['virus', 'policy'],
  contenterror: ['content', 'policy'],
  syntaxerror: ['protocol'],
  notcompliantrfc: ['content', 'policy'],
  toomanyconn: ['rate-limited', 'blocked'],
  speeding: ['rate-limited'],
};

/** Whether our recipient is the expected one. X.0.9nn is Sisimai's own code for mail that has no status code. */
function judge(want, got) {
  if (got === undefined) return 'missing';
  if (!/^\d\.0\.9\d\d$/.test(want.status)) return got.status === want.status ? 'exact' : 'wrong';
  if (got.status[0] !== want.status[0]) return 'wrong class';
  const same = SAME_REASON[want.reason] ?? [];
  return same.includes(got.reason) ? 'by reason' : 'wrong reason';
}

/** Scores the sources with bounces; `read` gives the report of octets, `list` is told what is not as expected. */
export function scoreBounces(folder, read, list = () => {}) {
  const score = {
    statuses: 0,
    right: 0,
    kinds: {},
    addresses: 0,
    found: 0,
    surplus: 0,
    crashes: 0,
  };
  for (const item of oracle(folder, 'sisimai')) {
    const report = attempt(item.file, folder, read, score);
    const left = report?.kind === 'bounce' ? [...report.recipients] : [];
    for (const want of item.recipients) {
      score.statuses++;
      if (want.status === '') {
        const kind = want.reason === 'feedback' ? 'feedback' : 'auto-reply';
        const ok =
          report?.kind === kind || (want.reason === 'feedback' && report?.kind === 'auto-reply');
        count(score, ok ? 'kind' : 'wrong kind', ok);
        if (!ok) list(item.file, want, report?.kind);
        continue;
      }
      const order = ['exact', 'by reason'];
      const at = left.findIndex((got) => order.includes(judge(want, got)));
      const got = at === -1 ? left.shift() : left.splice(at, 1)[0];
      const verdict = judge(want, got);
      count(score, verdict, order.includes(verdict));
      if (!order.includes(verdict)) list(item.file, want, got);
    }
    if (item.recipients.every(({ status }) => status !== '') && left.length > 0) {
      score.surplus += left.length;
      list(item.file, 'surplus', left);
    }
  }
  for (const item of oracle(folder, 'flufl.bounce')) {
    const report = attempt(item.file, folder, read, score);
    const got = new Set(
      (report?.kind === 'bounce' ? report.recipients : []).flatMap((one) =>
        [one.address, one.originalRecipient, one.finalRecipient].map((text) => text?.toLowerCase()),
      ),
    );
    for (const address of item.failed) {
      score.addresses++;
      if (got.has(address.toLowerCase())) score.found++;
      else list(item.file, address, [...got]);
    }
    if (item.failed.length === 0 && got.size > 0) list(item.file, 'none', [...got]);
  }
  return score;
}

function count(score, verdict, isRight) {
  score.kinds[verdict] = (score.kinds[verdict] ?? 0) + 1;
  if (isRight) score.right++;
}

/** The reports found in the other sources. */
export function findReports(folder, read) {
  const found = [];
  let files = 0;
  for (const line of readFileSync(join(folder, 'manifest.jsonl'), 'utf8').trim().split('\n')) {
    const { file, kind, source } = JSON.parse(line);
    if (kind !== 'mime' || source === 'sisimai' || source === 'flufl.bounce') continue;
    if (!existsSync(join(folder, file))) continue;
    files++;
    const report = read(readFileSync(join(folder, file)));
    if (report) found.push({ file, report });
  }
  return { files, found };
}

function attempt(file, folder, read, score) {
  try {
    return read(readFileSync(join(folder, file)));
  } catch {
    score.crashes++;
    return undefined;
  }
}

function oracle(folder, source) {
  const path = join(folder, source, 'bounce_oracle.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const BEGIN = '<!-- figures of tools/score-bounces.mjs -->';
const END = '<!-- end of the figures -->';
const OWN_CODES = ['by reason', 'wrong class', 'wrong reason', 'kind', 'wrong kind'];

function figuresOf({ statuses, right, kinds, addresses, found }, { files, found: reports }) {
  const percent = (part, all) => `${part} of ${all} (${((100 * part) / all).toFixed(1)} %)`;
  const withoutCode = OWN_CODES.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0);
  return [
    '| | |',
    '|---|---|',
    `| recipients of Sisimai's set with the right status, reason or kind | ${percent(right, statuses)} |`,
    `| of these, those with a status code in the message: the same code | ${percent(kinds.exact ?? 0, statuses - withoutCode)} |`,
    `| addresses of flufl.bounce's set found | ${percent(found, addresses)} |`,
    `| all other mail of the corpus: messages, and those that are a report | ${files}, ${reports.length} |`,
  ].join('\n');
}

async function main() {
  const corpus = join(process.env.POSTHORN_CORPUS ?? join(root, '..', 'shared', 'corpus'), 'mail');
  if (!existsSync(join(corpus, 'sisimai'))) {
    console.log(
      'score-bounces: skipped, no corpus. Put it beside the project as shared/corpus, or name it: POSTHORN_CORPUS=folder',
    );
    return;
  }
  ensureInstalled();
  ensureBuilt();
  const { MailMessage } = await import(pathToFileURL(join(root, 'dist', 'index.js')).href);
  const read = (octets) => MailMessage.parse(octets).report;
  const isListed = process.argv.includes('--list');
  const score = scoreBounces(corpus, read, (...missed) => {
    if (isListed) console.log(JSON.stringify(missed));
  });
  const others = findReports(corpus, read);
  if (isListed) for (const { file, report } of others.found) console.log(file, report.kind);
  const figures = figuresOf(score, others);
  console.log(JSON.stringify(score));
  console.log(figures);
  if (process.argv.includes('--dry')) return;
  const page = join(root, 'docs', 'bounces.md');
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(BEGIN) + BEGIN.length;
  writeFileSync(page, `${text.slice(0, start)}\n\n${figures}\n\n${text.slice(text.indexOf(END))}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
