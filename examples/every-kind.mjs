// What `npm start` runs: starts the development inbox, sends a message of every kind to it, reads each
// back and compares, and stays until Ctrl-C so that you can look. With --once it ends by itself,
// and with an error when anything was not as it should be.
import { SmtpClient } from 'posthorn';
import { startInbox } from 'posthorn/inbox';
import { kinds } from './lib/kinds.mjs';
import { cut, look, row, sizeOf } from './lib/table.mjs';

const once = process.argv.includes('--once');
// 1025 and 8025, or the next free ports.
const inbox = await startInbox();
const client = new SmtpClient({ host: '127.0.0.1', port: inbox.smtpPort, security: 'none' });

console.log(`
${look('bold', 'Posthorn: a message of every kind')}

  Look here   ${look('cyan', inbox.url)}
  Send here   smtp://127.0.0.1:${inbox.smtpPort}
`);

const widths = [1, 40, -2, -8, -7, 26];
console.log(
  look('dim', row([' ', 'What was sent', 'To', 'Size', 'Time', 'What the server said'], widths)),
);

let failures = 0;
for (const kind of kinds) {
  const { cells, faults } = await sendAndCheck(kind);
  const good = faults.length === 0;
  if (!good) failures += 1;
  const line = row([good ? '✓' : '✗', ...cells], widths);
  console.log(look(good ? 'green' : 'red', line.slice(0, 1)) + line.slice(1));
  for (const fault of faults) console.log(`     ${fault}`);
}

console.log(
  failures === 0
    ? `\n${look('green', '✓')} ${kinds.length} sent, ${kinds.length} read back and found as they were sent.`
    : `\n${look('red', '✗')} ${failures} of ${kinds.length} went wrong.`,
);

if (once) {
  await end();
} else {
  console.log(`\nOpen ${look('cyan', inbox.url)} to see them. Ctrl-C ends.`);
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

async function end() {
  await client.close();
  await inbox.close();
  process.exitCode = failures === 0 ? 0 : 1;
}

/** Sends one message, waits for it in the inbox and compares; a failure becomes a row too. */
async function sendAndCheck({ title, send, check }) {
  try {
    const receipt = await send(client);
    const arrived = await inbox.waitForMail((mail) => mail.messageId === receipt.messageId, {
      timeoutMs: 5000,
    });
    const { code, enhanced, lines } = receipt.reply;
    return {
      cells: [
        title,
        String(receipt.accepted.length),
        sizeOf(receipt.size),
        `${Math.round(receipt.durationMs)} ms`,
        cut([code, enhanced, lines.at(-1)].filter(Boolean).join(' '), 40),
      ],
      faults: (await check(arrived)).filter(Boolean),
    };
  } catch (error) {
    return { cells: [title, '', '', '', ''], faults: [`${error.name}: ${error.message}`] };
  }
}
