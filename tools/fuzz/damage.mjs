// Ways to damage mail, the same for the same seed.

/** A source of numbers from 0 to below n (mulberry32). */
export function randomOf(seed) {
  let state = seed | 0;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n);
  };
}

// What parsers trip over.
const PIECES = [
  '\r\n\r\n', '\n\n', '\r', '\n', '\0', '--', '\n--', '--\r\n', '"', '\\', '(', ')', '((((', '<', '>', '<<', '@', ',', ';', ':',
  '=?utf-8?q?', '?=', '=?utf-8?b?', '=?utf-7?q?', '=?iso-2022-jp?b?', "*0*=utf-8''%C3", '*1=', '; name*0="', '%', '=', '=3D',
  '=\r\n', 'Content-Type: ', 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n', 'Content-Transfer-Encoding: base64\r\n',
  'Content-Type: message/rfc822\r\n\r\n', 'charset=utf-7', 'charset=iso-2022-kr', 'charset=hz-gb-2312', 'charset=utf-16',
  '; format=flowed; delsp=yes', '\x1b$B', '\x1b(B', '~{', '\x0e', '\xff', '\xfe\xff', '\xef\xbb\xbf', '\xe2\x80\xae',
  'begin 644 x\n', '=ybegin line=128 size=1 name=x\n', 'From ', 'To: ', 'Date: ', '\t', ' ', '>', '[', ']',
]; // biome-ignore format: a list of short words

/** The octets with up to eight damages. */
export function damage(original, random) {
  let bytes = Buffer.from(original);
  for (let times = 1 + random(8); times > 0; times--) {
    const at = random(bytes.length + 1);
    const size = random(random(4) === 0 ? bytes.length + 1 : 60);
    const before = bytes.subarray(0, at);
    const after = bytes.subarray(at);
    const kind = random(7);
    if (kind === 0 && bytes.length > 0) bytes[at % bytes.length] = random(256);
    else if (kind === 1) bytes = Buffer.concat([before, bytes.subarray(at + size)]);
    else if (kind === 2) bytes = Buffer.concat([before, bytes.subarray(Math.max(0, at - size))]);
    else if (kind === 3) bytes = Buffer.concat([before, repeated(random), after]);
    else if (kind === 4) {
      const from = random(bytes.length + 1);
      bytes = Buffer.concat([before, bytes.subarray(from, from + size), after]);
    } else bytes = Buffer.concat([before, pieceOf(random), after]);
  }
  return bytes;
}

function pieceOf(random) {
  return Buffer.from(PIECES[random(PIECES.length)], 'latin1');
}

function repeated(random) {
  const piece = PIECES[random(PIECES.length)];
  return Buffer.from(piece.repeat(1 + random(random(10) === 0 ? 20_000 : 50)), 'latin1');
}

// Words that mean something in binary formats: ends of chains, no entry, sizes that no file has.
const WORDS = [
  0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_fffa, 0xffff_fffc, 0xffff_fffd, 0xffff_fffe,
  0xffff_ffff,
];

/** The octets of a binary file with up to eight damages; mostly in its first part, where the tables are. */
export function damageOctets(original, random) {
  const bytes = Buffer.from(
    original.subarray(0, random(10) === 0 ? random(original.length) : undefined),
  );
  if (bytes.length < 8) return bytes;
  for (let times = 1 + random(8); times > 0; times--) {
    const most = random(3) === 0 ? Math.min(bytes.length, 2048) : bytes.length;
    const at = random(most - 4) & (random(4) === 0 ? -1 : -4);
    const way = random(5);
    if (way === 0) bytes[at] = random(256);
    else if (way === 1) bytes.writeUInt32LE(WORDS[random(WORDS.length)], at);
    else if (way === 2) bytes.writeUInt32LE(random(1 + bytes.length / 512), at);
    else if (way === 3) bytes.copyWithin(at, random(bytes.length), at + random(200));
    else bytes[at] ^= 1 << random(8);
  }
  return bytes;
}
