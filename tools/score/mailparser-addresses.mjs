// mailparser's reader of address fields as the corpus harness wants it. It is asked through a message: it exports no other way.
import { simpleParser } from 'mailparser';
import { answerLines } from './lines.mjs';

const mailbox = ({ name, address, group }) =>
  group ? { name, group: group.map(mailbox) } : { name: name ?? '', address: address ?? '' };

await answerLines(async (line) => {
  const { id, input } = JSON.parse(line);
  try {
    const { to } = await simpleParser(`To: ${input}\r\n\r\n`);
    const fields = [to ?? []].flat();
    return { id, ok: true, addresses: fields.flatMap(({ value }) => value).map(mailbox) };
  } catch (error) {
    return { id, ok: false, error: String(error) };
  }
});
