// A web archive as a message: its page with what belongs to it, who it is from, and everything else attached.
import type { ByteSource } from '../../base/internal.ts';
import { AlternateView, type MailMessage } from '../../message/index.ts';
import { readMessage } from '../../message/internal.ts';
import { joinTexts, messageBodies, type ParsedEntity } from '../../mime/index.ts';
import type { ReadContext } from '../format-driver.ts';
import { divideHeader } from '../header-block.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { ArchiveParts, pageText, partOptions } from './archive-parts.ts';
import { Locations, locationOf, places } from './locations.ts';

// What browsers write in the place of an author.
const SAVED_BY = /^from[ \t]*:\s{0,9}"?<?saved by\b/i;

/** The message in an archive. */
export async function readArchive(
  source: ByteSource,
  { reading }: ReadContext,
): Promise<MailMessage> {
  const archive = await readMessage(source.bytes ?? source, reading);
  const { root } = archive;
  const leaves = [...root.leaves()];
  const bodies = messageBodies(root);
  const pages = pagesOf(root, leaves, bodies.html);
  const place = root.headers.get('Snapshot-Content-Location') ?? locationOf(root);
  const locations = new Locations(leaves, place);
  const parts = new ArchiveParts(locations);
  const html = pages.map((page) => parts.page(pageText(page), locationOf(page) ?? place));
  const ours = leaves.find((leaf) => locationOf(leaf) === places.text);
  const texts = ours ? [ours] : bodies.text;
  const views = leaves.filter((leaf) => locationOf(leaf)?.startsWith(places.view));
  const used = new Set([...pages, ...texts, ...views]);
  const others = leaves.filter((leaf) => !used.has(leaf) && !parts.has(leaf));
  const isMade = pages.some((page) => locationOf(page) === places.madePage);
  const message = await rebuildMessage(
    headerOf(root),
    {
      text: joinTexts(texts),
      html: isMade || html.length === 0 ? undefined : html.join('\n'),
      linkedResources: parts.linked,
      attachments: others.map((leaf) => partOptions(leaf)),
      alternateViews: views.map(viewOf),
    },
    reading,
  );
  message.addProblems(archive.problems);
  return message;
}

/** The pages that are shown: the one that the archive starts with, else what a mail would show. */
function pagesOf(
  root: ParsedEntity,
  leaves: readonly ParsedEntity[],
  shown: readonly ParsedEntity[],
): readonly ParsedEntity[] {
  const start = root.contentType.parameters.get('start')?.replace(/^<|>$/g, '');
  const isPage = ({ contentType }: ParsedEntity): boolean => contentType.value === 'text/html';
  const first = leaves.find((leaf) => start !== undefined && leaf.cid === start && isPage(leaf));
  if (first) return [first];
  return shown.length > 0 ? shown : leaves.filter(isPage).slice(0, 1);
}

function viewOf(leaf: ParsedEntity): AlternateView {
  const { value, type, parameters } = leaf.contentType;
  if (type !== 'text') return new AlternateView(leaf.content(), { type: value, parameters });
  const decoded = new Map([...parameters].filter(([name]) => name !== 'charset'));
  return new AlternateView(leaf.text(), { type: value, parameters: decoded });
}

/** The fields of the message, without a browser as its author. */
function headerOf({ source, range }: ParsedEntity): Uint8Array {
  return divideHeader(source.read(range.start, range.headerEnd), SAVED_BY).message;
}
