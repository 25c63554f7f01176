// A small picture made in code: an envelope before an evening sky, as PNG.
import { crc32, deflateSync } from 'node:zlib';

const width = 240;
const height = 150;

/** The picture's octets. */
export function envelopePng() {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    // Each row starts with its filter: 0, none.
    const row = y * (1 + width * 3);
    for (let x = 0; x < width; x++) rows.set(colourAt(x, y), row + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits for each of red, green and blue; no interlace.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(x, y) {
  const [left, right, top, bottom] = [60, 180, 45, 117];
  if (x < left || x > right || y < top || y > bottom) return sky(y);
  // The flap is a triangle that hangs from the upper edge; its lower border is drawn 2 pixels thick.
  const flap = top + 42 - Math.abs(x - width / 2) * 0.7;
  const atEdge = x - left < 2 || right - x < 2 || y - top < 2 || bottom - y < 2;
  if (atEdge || Math.abs(y - flap) < 1.5) return [120, 53, 15];
  return y < flap ? [253, 230, 138] : [254, 243, 199];
}

function sky(y) {
  const t = y / height;
  return [30 + 220 * t, 41 + 105 * t, 110 - 50 * t].map(Math.round);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
