// Our reader as the corpus harness wants it: the path of a message in, what was found in it out.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { answerLines, outcome } from './lines.mjs';

const { decompose, parseEntity, readDate } = await import(
  `${process.env.POSTHORN_DIST ?? '../../dist'}/mime.js`
);

// UTF-7 is refused unless asked for; the corpus has it.
const options = { utf7: true };

/** The mailboxes of all fields of this name, those of groups too. */
function mailboxes(headers, name) {
  return headers
    .all(name)
    .flatMap((field) => field.addresses())
    .flatMap((entry) => ('members' in entry ? entry.members : entry))
    .map(({ name: display, address }) => ({ name: display, address }));
}

function attachment(part) {
  const content = part.content();
  return {
    filename: part.filename ?? null,
    contentType: part.contentType.value,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

function read(bytes) {
  const message = parseEntity(bytes, options);
  const { headers } = message;
  const { text, html } = decompose(message);
  const shown = new Set([...text, ...html]);
  const bodies = (type) =>
    [...shown].filter((part) => part.contentType.value === type).map((part) => part.text());
  const texts = bodies('text/plain');
  const pages = bodies('text/html');
  const isBody = (part) => shown.has(part) && /^text\/(?:plain|html)$/.test(part.contentType.value);
  const date = headers
    .all('Date')
    .map(({ raw }) => readDate(raw))
    .find((found) => found);
  return {
    subject: headers.get('Subject') ?? null,
    from: mailboxes(headers, 'from'),
    to: mailboxes(headers, 'to'),
    cc: mailboxes(headers, 'cc'),
    date: date?.toISOString().replace(/\.\d+Z$/, 'Z') ?? null,
    messageId: headers.get('Message-ID') ?? null,
    text: texts.length > 0 ? texts.join('\n') : null,
    html: pages.length > 0 ? pages.join('\n') : null,
    attachments: [...message.leaves()].filter((part) => !isBody(part)).map(attachment),
    problems: message.problems.map(({ code, line }) => `${code}:${line}`),
  };
}

await answerLines((file) => {
  const bytes = readFileSync(file);
  const started = process.cpuUsage();
  const found = outcome({ file }, () => read(bytes));
  // Time of the processor: a busy machine makes no difference.
  const { user, system } = process.cpuUsage(started);
  return { ...found, ms: (user + system) / 1000 };
});
