// The messages of the demo. Each kind says how it is sent, and what must be true of what arrives:
// `check` gives the list of what is wrong, which should be empty.
import { readFile } from 'node:fs/promises';
import { MailMessage } from 'posthorn';
import { envelopePng } from './picture.mjs';

const from = 'Posthorn demo <demo@example.com>';
const to = 'Ann Archer <ann@example.com>';

const storedFile = new URL('../messages/stored.eml', import.meta.url);
const everyOctet = Uint8Array.from({ length: 256 }, (_, octet) => octet);

/** Names of files that mail programs like to garble. */
const hardNames = [
  '請求書 2026年11月（控え）.txt',
  '🎉 party 🥂.txt',
  `"quoted" it's; a=b, 100% \\ back.txt`,
  `${'long '.repeat(39)}x.txt`,
];

const manyTo = Array.from({ length: 12 }, (_, i) => `Reader ${i + 1} <reader${i + 1}@example.com>`);
const manyBcc = Array.from({ length: 8 }, (_, i) => `hidden${i + 1}@example.net`);

const scripts = {
  Hebrew: 'שלום עולם: מכתב שנקרא מימין לשמאל, עם מספר 42 באמצע.',
  Arabic: 'مرحبا بالعالم: رسالة تُقرأ من اليمين إلى اليسار.',
  Persian: 'سلام دنیا؛ این نامه از راست به چپ خوانده می‌شود.',
  Chinese: '你好，世界：這封信裡有簡體與繁體，还有标点。',
  Japanese: 'こんにちは世界。「丸付き①」や半角ｶﾅも届きます。',
  Korean: '안녕하세요, 세계! 이 편지는 그대로 도착합니다.',
  Thai: 'สวัสดีชาวโลก จดหมายนี้ไม่มีช่องว่างระหว่างคำ',
};
const allScripts = Object.entries(scripts)
  .map(([name, line]) => `${name}: ${line}`)
  .join('\n');

export const kinds = [
  {
    title: 'Plain text',
    send: (client) =>
      client.send(
        'demo@example.com',
        'ann@example.com',
        'Plain text',
        'Hello Ann,\n\nfour strings are enough.\n.\nThe dot above stands alone in its line.\n',
      ),
    check: (mail) => [
      differs('text', mail.text, /four strings are enough\.\n\.\nThe dot above/),
      differs('recipients', mail.envelope.to.join(), 'ann@example.com'),
    ],
  },
  {
    title: 'HTML with text and an inline image',
    send: (client) =>
      client.send({
        from,
        to,
        subject: 'HTML with text and an inline image',
        text: 'An envelope before an evening sky.',
        html: [
          '<h1 style="font-family: Georgia, serif">Good evening, Ann</h1>',
          '<p>This picture travels inside the message: <em>nothing</em> is fetched from elsewhere.</p>',
          '<p><img src="cid:envelope" alt="An envelope" width="240" height="150"></p>',
        ].join('\n'),
        linkedResources: [{ cid: 'envelope', filename: 'envelope.png', content: envelopePng() }],
      }),
    check: async (mail) => [
      differs('text', mail.text, /^An envelope before an evening sky\.\s*$/),
      differs('html', mail.html, /cid:envelope/),
      ...(await missing(mail, [['envelope.png', envelopePng()]])),
    ],
  },
  {
    title: 'Attachments with hard names',
    send: (client) =>
      client.send({
        from,
        to,
        subject: 'Attachments with hard names',
        text: 'Japanese, emoji, quotes, 200 characters; and every octet from 0 to 255.',
        attachments: [
          ...hardNames.map((filename) => ({ filename, content: `The file ${filename}\n` })),
          { filename: 'every-octet.bin', content: everyOctet },
        ],
      }),
    check: (mail) =>
      missing(mail, [
        ...hardNames.map((name) => [name, Buffer.from(`The file ${name}\n`)]),
        ['every-octet.bin', everyOctet],
      ]),
  },
  {
    title: 'Many recipients, with Cc and Bcc',
    send: (client) =>
      client.send({
        from,
        to: manyTo,
        cc: ['"Baker, Bob" <bob@example.com>', 'Zoë Ångström <zoe@example.com>', 'cy@example.com'],
        bcc: manyBcc,
        subject: 'Many recipients, with Cc and Bcc',
        text: 'The eight in Bcc get it, and nobody sees that they do.',
      }),
    check: (mail) => [
      differs('recipients', String(mail.envelope.to.length), '23'),
      differs('the hidden', /hidden|^bcc:/im.test(latin1(mail.raw)) ? 'seen' : 'unseen', 'unseen'),
    ],
  },
  {
    title: 'A stored EML, byte for byte',
    send: async (client) => client.send(await MailMessage.load(storedFile)),
    check: async (mail) => [
      differs('source', latin1(mail.raw), latin1(await readFile(storedFile))),
      differs('subject', mail.subject, /^Grüße aus dem Archiv/),
    ],
  },
  {
    title: 'Right to left, and CJK',
    send: (client) =>
      client.send({
        from: 'דואר <demo@example.com>',
        to: '山田 太郎 <taro@example.com>, "سارة" <sara@example.com>',
        subject: 'שלום · مرحبا · 你好 · こんにちは · 안녕하세요',
        text: allScripts,
        html: Object.entries(scripts)
          .map(([name, line]) => `<p dir="auto" title="${name}">${line}</p>`)
          .join('\n'),
      }),
    check: (mail) => [
      differs('subject', mail.subject, 'שלום · مرحبا · 你好 · こんにちは · 안녕하세요'),
      differs('text', mail.text?.trimEnd(), allScripts),
    ],
  },
  {
    title: 'A newsletter with one-click unsubscribe',
    send: (client) =>
      client.send({
        from,
        to,
        subject: 'A newsletter with one-click unsubscribe',
        text: 'Mail programs show a button to leave this list.',
        priority: 'low',
        headers: { 'X-Campaign': 'autumn' },
        unsubscribe: {
          url: 'https://news.example.com/leave?reader=42',
          mailto: 'leave@example.com',
        },
      }),
    check: (mail) => {
      const source = latin1(mail.raw);
      return [
        differs('one click', source, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m),
        differs('priority', source, /^X-Priority: 5/m),
        differs('own header', source, /^X-Campaign: autumn\r$/m),
      ];
    },
  },
  {
    title: 'A message inside a message',
    send: async (client) =>
      client.send({
        from,
        to,
        subject: 'A message inside a message',
        text: 'The stored message is attached, whole.',
        attachments: [await MailMessage.load(storedFile)],
      }),
    check: async (mail) => [
      differs(
        'the inner message',
        latin1(mail.raw).includes(latin1(await readFile(storedFile))) ? 'whole' : 'changed',
        'whole',
      ),
    ],
  },
];

const latin1 = (bytes) => Buffer.from(bytes).toString('latin1');

/** What differs, in words; `undefined` when nothing does. */
function differs(what, got, wanted) {
  const same = wanted instanceof RegExp ? wanted.test(got ?? '') : got === wanted;
  return same ? undefined : `${what} is not what was sent`;
}

/** The attachments that did not arrive as they were. */
async function missing(mail, files) {
  const faults = [];
  for (const [filename, bytes] of files) {
    const found = mail.attachments.find((attachment) => attachment.filename === filename);
    if (!found) faults.push(`'${filename}' did not arrive`);
    else if (!Buffer.from(await found.bytes()).equals(bytes)) {
      faults.push(`'${filename}' arrived changed`);
    }
  }
  return faults;
}
