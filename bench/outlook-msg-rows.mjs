// Reading and writing MSG (row O1 and O2): notes, mails with files, and one with a large file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mails } from './outlook-msg-mails.mjs';
import { readers, writers } from './outlook-msg-peers.mjs';

const READERS = Object.keys(readers);
const WRITERS = Object.keys(writers);

export const msgReadHead = ['row', 'what', ...READERS];
export const msgWriteHead = ['row', 'what', ...WRITERS];

/** CPU time of reading, as the medians of `rounds` samples that `child` takes. */
export async function msgReadRows({ rounds, child, median }) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const rows = [];
  try {
    for (const [kind, { title, make }] of Object.entries(mails)) {
      const path = join(folder, kind);
      mkdirSync(path);
      writeFileSync(join(path, 'mail.msg'), await msgOf(make()));
      for (const body of ['text', 'html']) {
        const job = (peer) => ['outlook-msg-child.mjs', 'read', peer, path, body];
        const samples = take({ rounds, child, peers: READERS, job });
        const octets = new Set([...samples.values()].flat().map((sample) => sample.octets));
        if (octets.size > 1) throw new Error(`not the same content: ${[...octets]}`);
        const what = body === 'html' ? `${title}; its HTML out of RTF` : title;
        rows.push(['O1', `${what}, µs`, ...cells(samples, READERS, median)]);
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** CPU time of writing. */
export function msgWriteRows({ rounds, child, median }) {
  return Object.entries(mails).map(([kind, { title }]) => {
    const job = (peer) => ['outlook-msg-child.mjs', 'write', peer, kind];
    const samples = take({ rounds, child, peers: WRITERS, job });
    return ['O2', `${title}, µs`, ...cells(samples, WRITERS, median)];
  });
}

function take({ rounds, child, peers, job }) {
  const samples = new Map(peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of peers) samples.get(peer).push(child(...job(peer)));
    process.stderr.write('.');
  }
  return samples;
}

function cells(samples, peers, median) {
  const of = (peer) => median(samples.get(peer).map(({ cpuUs }) => cpuUs));
  return peers.map((peer) => {
    const times = (of(peer) / of('posthorn')).toFixed(1);
    return `${of(peer).toFixed(0)}${peer === 'posthorn' ? '' : ` (${times}×)`}`;
  });
}

/** As Outlook writes it: the HTML is in the RTF. */
async function msgOf({ subject, text, html, to, files }) {
  const { compressRtf, MapiAttachment, MapiMessage, MapiRecipient, PidTag, rtfFromHtml, writeMsg } =
    await import('../dist/outlook.js');
  const message = new MapiMessage();
  message.subject = subject;
  message.text = text;
  message.properties.set(PidTag.RtfCompressed, compressRtf(rtfFromHtml(html)));
  message.recipients = to.map((address) => MapiRecipient.of('to', address));
  message.attachments = files.map(({ name, content }) => MapiAttachment.file(name, content));
  return writeMsg(message);
}
