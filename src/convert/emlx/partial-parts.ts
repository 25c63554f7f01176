// Partial EMLX files: what Apple Mail keeps of a message whose attachments stand as files of their own, or nowhere.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Attachment, type MailMessage } from '../../message/index.ts';
import { messageBodies, type ParsedEntity } from '../../mime/index.ts';
import type { Note } from '../loss.ts';

// Apple Mail leaves the content out and says here how long it was.
const LENGTH = 'X-Apple-Content-Length';

/**
 * Puts the files that stand beside a partial message into their places; tells what is nowhere.
 *
 * @param path The file, which has its attachments in `../Attachments/<id>/<part>/`.
 */
export async function fillParts(
  message: MailMessage,
  path: string | undefined,
  note: Note,
): Promise<void> {
  const empty = [...missingParts(message.root)];
  if (empty.length === 0) return;
  const { attachments } = messageBodies(message.root);
  const list = [...message.attachments];
  for (const [number, entity] of empty) {
    const index = attachments.indexOf(entity);
    const before = list[index];
    const file = path === undefined ? undefined : await fileOf(path, number);
    if (before === undefined || file === undefined) {
      const size = entity.headers.get(LENGTH)?.trim() ?? 'unknown';
      note(
        'attachment-missing',
        `Part ${number}${entity.filename === undefined ? '' : ` ('${entity.filename}')`} is not in the file: ` +
          `its ${size} octets were left out by Apple Mail`,
      );
      continue;
    }
    list[index] = new Attachment({
      path: file,
      filename: before.filename ?? basename(file),
      contentType: before.contentType,
      disposition: before.disposition,
      cid: before.cid,
    });
  }
  message.attachments = list;
}

/** The parts without their content, with their numbers as IMAP counts them. */
function* missingParts(entity: ParsedEntity, prefix = ''): Generator<[string, ParsedEntity]> {
  for (const [index, part] of entity.parts.entries()) {
    const number = `${prefix}${index + 1}`;
    if (part.parts.length > 0) yield* missingParts(part, `${number}.`);
    else if (part.headers.get(LENGTH) !== undefined && isEmpty(part)) yield [number, part];
  }
}

const isEmpty = ({ rawSize }: ParsedEntity): boolean => rawSize <= 4;

/** The one file in the folder of a part. */
async function fileOf(path: string, number: string): Promise<string | undefined> {
  const id = basename(path).split('.')[0] ?? '';
  const folder = join(dirname(dirname(path)), 'Attachments', id, number);
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'));
  const [name] = names;
  if (name === undefined || names.length > 1) return undefined;
  const file = join(folder, name);
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? file : undefined;
}
