// Messages as they come, written by hand so that they don't depend on our own writer.
import { crc32, deflateSync } from 'node:zlib';

/** Lines joined as they go over the wire. */
export function lines(...all: readonly string[]): string {
  return all.join('\r\n');
}

function base64(content: string | Uint8Array): string {
  return (
    Buffer.from(content as string)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
}

function word(text: string): string {
  return `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** A picture of one colour. */
export function png(width: number, height: number, rgb: readonly [number, number, number]): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(rgb))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Plain text with a quote and a link. */
export const plain: string = lines(
  'From: Ann Weber <ann@example.com>',
  'To: Bob Stone <bob@example.com>',
  'Cc: team@example.com',
  'Subject: Re: Minutes of the harbour meeting',
  'Date: Fri, 20 Nov 2026 09:33:37 +0000',
  'Message-ID: <minutes-1@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Hi Bob,',
  '',
  'thanks, that works for me. The plan is here: https://example.com/plan?id=42.',
  '',
  '> Shall we meet at the harbour at ten?',
  '>> Ten is early.',
  '> Ten it is.',
  '',
  'Until then,',
  'Ann',
  '',
);

/** The file that {@link receipt} carries. */
export const receiptPdf: Buffer = Buffer.from(
  `%PDF-1.4\n${'0123456789abcdef'.repeat(2000)}\n%%EOF\n`,
);

/** HTML with text, an inline picture, a remote one, and two files with hard names. */
export const receipt: string = lines(
  `From: ${word('Café Müller — Bestellungen')} <orders@cafe.example>`,
  'To: Bob Stone <bob@example.com>',
  'Reply-To: help@cafe.example',
  `Subject: ${word('Your receipt ☕ for order 4711')}`,
  'Date: Fri, 20 Nov 2026 09:35:00 +0000',
  'Message-ID: <receipt-4711@cafe.example>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="mixed"',
  '',
  '--mixed',
  'Content-Type: multipart/alternative; boundary="alt"',
  '',
  '--alt',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64('Thank you for your order!\n\nOne flat white: 4.20 €\n'),
  '--alt',
  'Content-Type: multipart/related; boundary="rel"',
  '',
  '--rel',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64(`<!doctype html><html><head><style>
    body { margin: 0; background: #f7f3ec; font-family: Georgia, serif; color: #3b2f24; }
    .sheet { max-width: 520px; margin: 32px auto; padding: 32px; background: #fff; border-radius: 12px; }
    td { padding: 10px 0; border-bottom: 1px solid #eee4d6; } td:last-child { text-align: right; }
  </style></head><body><div class="sheet">
    <img src="cid:logo@cafe" width="72" height="72" alt="Café Müller" style="border-radius: 50%">
    <h1 style="font-weight: normal">Thank you, Bob!</h1>
    <p>Your order is on its way to table seven.</p>
    <table width="100%" cellspacing="0">
      <tr><td>Flat white</td><td>4.20 €</td></tr><tr><td>Almond croissant</td><td>3.80 €</td></tr>
      <tr><td><b>Sum</b></td><td><b>8.00 €</b></td></tr>
    </table>
    <p><a href="https://cafe.example/orders/4711" style="color: #a0522d">See your order</a></p>
    <img src="https://tracker.example/open.gif" width="1" height="1" alt="">
  </div></body></html>`),
  '--rel',
  'Content-Type: image/png; name="logo.png"',
  'Content-ID: <logo@cafe>',
  'Content-Disposition: inline; filename="logo.png"',
  'Content-Transfer-Encoding: base64',
  '',
  base64(png(72, 72, [193, 123, 62])),
  '--rel--',
  '--alt--',
  '--mixed',
  'Content-Type: application/pdf',
  `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent('請求書 2026年11月.pdf')}`,
  'Content-Transfer-Encoding: base64',
  '',
  base64(receiptPdf),
  '--mixed',
  'Content-Type: text/csv; charset=utf-8',
  `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent('📊 "numbers" & more.csv')}`,
  'Content-Transfer-Encoding: base64',
  '',
  base64('item,price\nflat white,4.20\n'),
  '--mixed--',
  '',
);

/** Text that is written from right to left. */
export const arabic: string = lines(
  `From: ${word('ليلى حداد')} <layla@example.com>`,
  'To: bob@example.com',
  `Subject: ${word('دعوة إلى حفل العشاء')}`,
  'Date: Fri, 20 Nov 2026 09:40:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64(
    'مرحبا بوب،\n\nندعوكم إلى حفل العشاء يوم الجمعة في الساعة الثامنة مساء.\n\nمع أطيب التحيات،\nليلى\n',
  ),
  '',
);

/** Japanese, with a family emoji that is one sign of many. */
export const japanese: string = lines(
  `From: ${word('山田 太郎')} <taro@example.jp>`,
  'To: bob@example.com',
  `Subject: ${word('会議の議事録を送ります 👨‍👩‍👧‍👦')}`,
  'Date: Fri, 20 Nov 2026 09:41:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64(
    'お世話になっております。\n山田です。\n\n先日の会議の議事録をお送りします。\nご確認のほど、よろしくお願いいたします。\n',
  ),
  '',
);

/** What a mail must not be able to do; `window.hacked` would be set, a request would go out. */
export const hostile: string = lines(
  'From: Mallory <mallory@evil.example>',
  'To: bob@example.com',
  'Subject: <img src=x onerror="window.hacked=1"> free of charge',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<html><head><base href="http://evil.example/">',
  '<meta http-equiv="refresh" content="0; url=http://evil.example/gone"></head>',
  '<body onload="top.hacked=1"><script>top.hacked=1; parent.document.title="hacked"</script>',
  '<img src=x onerror="top.hacked=1"><svg onload="top.hacked=1"><script>top.hacked=1</script></svg>',
  '<a id="js" href="javascript:top.hacked=1">click</a>',
  '<a id="js-blank" target="_blank" href="java&#10;script:opener.hacked=1">click</a>',
  '<form id="form" action="/api/v1/messages" method="post"><input name="q"><button>Send</button></form>',
  '<iframe src="javascript:top.hacked=1"></iframe><object data="data:text/html,<script>top.hacked=1</script>"></object>',
  '<math><mtext><table><mglyph><style><img src=x onerror="top.hacked=1"></style></mglyph></table></mtext></math>',
  '<div style="background:url(http://evil.example/pixel)">styled</div>',
  '<link rel="stylesheet" href="http://evil.example/style.css"><img srcset="http://evil.example/set 1x">',
  '<p id="harmless">The harmless part stays.</p></body></html>',
  '',
);
