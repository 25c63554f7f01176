// A message as one JSON object, for programs.
import type { MailMessage, MessageProblem } from '../../message/index.ts';
import { decompose, type ParsedEntity } from '../../mime/index.ts';
import { type ShownField, shownFields } from './headers.ts';
import { numberParts, type Part, sizeOf, walk } from './parts.ts';
import { reportToJson, type ShownReport } from './report-json.ts';

/** What `posthorn show --json` prints. */
export interface ShownMessage {
  /** Every header field in order, decoded. */
  readonly headers: readonly ShownField[];
  /** The plain text body, when there is one. */
  readonly text?: string;
  /** The HTML body, when there is one. */
  readonly html?: string;
  /** The MIME tree. */
  readonly root: ShownPart;
  /** The numbers of the parts that are attachments. */
  readonly attachments: readonly string[];
  /** What it says when a machine wrote it: a bounce, a complaint, a receipt, an automatic reply. */
  readonly report?: ShownReport;
  readonly problems: readonly MessageProblem[];
}

/** One part of the tree. */
export interface ShownPart {
  /** What `--part` takes; `''` for a multipart that is the whole message. */
  readonly part: string;
  readonly contentType: string;
  readonly charset?: string;
  readonly encoding: string;
  readonly disposition?: string;
  readonly filename?: string;
  readonly cid?: string;
  /** Octets of the decoded content. */
  readonly size: number;
  readonly parts: readonly ShownPart[];
}

/** The message as {@link ShownMessage}; members without a value are left out by JSON. */
export async function toJson({ root, report, problems }: MailMessage): Promise<ShownMessage> {
  const tree = numberParts(root);
  const { text, html, attachments } = decompose(root);
  const numberOf = new Map([...walk(tree)].map(({ entity, number }) => [entity, number]));
  return {
    headers: shownFields(root.headers),
    ...textOf('text', text, 'text/plain'),
    ...textOf('html', html, 'text/html'),
    root: await shownPart(tree),
    attachments: attachments.flatMap((entity) => numberOf.get(entity) ?? []),
    ...(report ? { report: reportToJson(report) } : {}),
    problems: problems.map(({ code, message, offset, line }) => ({
      code,
      message,
      offset,
      line,
    })),
  };
}

function textOf(
  name: 'text' | 'html',
  parts: readonly ParsedEntity[],
  type: string,
): { readonly [key in typeof name]?: string } {
  const wanted = parts.filter(({ contentType }) => contentType.value === type);
  return wanted.length > 0 ? { [name]: wanted.map((part) => part.text()).join('\n') } : {};
}

async function shownPart({ number, entity, children }: Part): Promise<ShownPart> {
  const charset = entity.contentType.parameters.get('charset');
  return {
    part: number,
    contentType: entity.contentType.value,
    ...(charset === undefined ? {} : { charset }),
    encoding: entity.encoding,
    ...(entity.disposition === undefined ? {} : { disposition: entity.disposition.value }),
    ...(entity.filename === undefined ? {} : { filename: entity.filename }),
    ...(entity.cid === undefined ? {} : { cid: entity.cid }),
    size: await sizeOf(entity),
    parts: await Promise.all(children.map(shownPart)),
  };
}
