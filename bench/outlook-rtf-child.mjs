// One sample in a fresh process: node outlook-rtf-child.mjs compress|decompress|html PEER → JSON with MB of RTF a second.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const MEGABYTES = 10;
const { compressRtf, decompressRtf, htmlFromRtf, rtfFromHtml } = await import('../dist/outlook.js');

/** What Outlook writes of a long mail: paragraphs of Word with a table, links and other scripts in between. */
function page(octets) {
  const paragraphs = [];
  for (let index = 0, length = 0; length < octets; index += 1) {
    const text = `Paragraph ${index}: the quick brown fox number ${(index * 7919) % 1009} jumps over ${(index * 31) % 97} dogs.`;
    const kinds = [
      `<p class=MsoNormal><span style='font-size:11.0pt;font-family:"Calibri",sans-serif'>${text}<o:p></o:p></span></p>`,
      `<p class=MsoNormal><b>${text}</b>&nbsp;<a href="https://example.com/${index}">more</a> Grüße 日本語</p>`,
      `<table border=0><tr><td width=100><p>${index}</p></td><td><p>${text}</p></td></tr></table>`,
    ];
    paragraphs.push(kinds[index % kinds.length]);
    length += paragraphs.at(-1).length * 2;
  }
  return `<html><head><style>p {margin:0}</style></head><body>\r\n${paragraphs.join('\r\n')}\r\n</body></html>`;
}

const rtf = rtfFromHtml(page(MEGABYTES * 1e6));
const packed = compressRtf(rtf);
const jobs = {
  compress: { posthorn: () => () => compressRtf(rtf).length },
  decompress: {
    posthorn: () => () => decompressRtf(packed).length,
    '@kenjiuno/decompressrtf': () => {
      const { decompressRTF } = require('@kenjiuno/decompressrtf');
      return () => decompressRTF(packed).length;
    },
  },
  html: {
    posthorn: () => () => htmlFromRtf(rtf).length,
    'rtf-stream-parser': () => {
      const { deEncapsulateSync } = require('rtf-stream-parser');
      const { decode } = require('iconv-lite');
      return () => deEncapsulateSync(rtf, { decode, mode: 'html', warn: () => {} }).text.length;
    },
  },
};

const [job, peer] = process.argv.slice(2);
const once = jobs[job][peer]();
/** Works for a while; the MB of RTF a second. */
function rateOver(seconds) {
  const begin = process.cpuUsage();
  for (let times = 1; ; times += 1) {
    octets = once();
    const { user, system } = process.cpuUsage(begin);
    if (user + system > seconds * 1e6) return (times * rtf.length) / (user + system);
  }
}

let octets = 0;
// What counts is code that is compiled.
rateOver(0.5);
const rate = rateOver(0.5);
console.log(JSON.stringify({ octets, rate }));
