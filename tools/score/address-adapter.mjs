// Our reader of address fields as the corpus harness wants it: a field in, its mailboxes and groups out.
import { answerLines, outcome } from './lines.mjs';

const { readAddressList } = await import(`${process.env.POSTHORN_DIST ?? '../../dist'}/mime.js`);
const mailbox = ({ name, address }) => ({ name, address });

await answerLines((line) => {
  const { id, input } = JSON.parse(line);
  return outcome({ id }, () => ({
    // Fields are octets: one character for each.
    addresses: readAddressList(Buffer.from(input, 'utf8').toString('latin1')).addresses.map(
      (entry) =>
        'members' in entry
          ? { name: entry.name, group: entry.members.map(mailbox) }
          : mailbox(entry),
    ),
  }));
});
