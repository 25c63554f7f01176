// A message as a template: what it says in its fields and texts, without what another system said of its way.
import type { Attachment, MailMessage } from '../message/index.ts';
import { type MailAddress, MailGroup } from '../mime/index.ts';
import type {
  AddressTemplate,
  AttachmentTemplateInput,
  MessageTemplate,
} from './message-template.ts';

const addressFields = [
  ['from', 'From'],
  ['sender', 'Sender'],
  ['replyTo', 'Reply-To'],
  ['to', 'To'],
  ['cc', 'Cc'],
  ['bcc', 'Bcc'],
] as const;

// What the message's maker or its way wrote, and what is made anew; and fields that properties write.
const notKept =
  /^(?:received|return-path|delivered-to|x-original-to|message-id|date|mime-version|x-unsent|thread-index|x-mailer|user-agent|from|sender|reply-to|to|cc|bcc|subject|importance|priority|x-priority|x-msmail-priority|sensitivity|list-.*|in-reply-to|references|disposition-notification-to|return-receipt-to|content-.*|arc-.*|dkim-.*|domainkey-.*|authentication-results|received-spf|resent-.*|x-ms-exchange-.*)$/i;

// Something that a syntax may mean; what has none of it is taken as the addresses it is.
const MARKED = /\{\{|\{%|#/;

/** The template that a message is. */
export function templateOfMessage(message: MailMessage): MessageTemplate {
  const template: { -readonly [Key in keyof MessageTemplate]: MessageTemplate[Key] } = {};
  for (const [key, header] of addressFields) {
    const value = addressesOf(message, key, header);
    if (value !== undefined) template[key] = value;
  }
  const { subject, text, html, priority, sensitivity, unsubscribe, list } = message;
  if (subject !== '') template.subject = subject;
  if (text !== undefined) template.text = text;
  if (html !== undefined) template.html = withoutEntities(html);
  if (priority !== 'normal') template.priority = priority;
  if (sensitivity !== 'normal') template.sensitivity = sensitivity;
  if (unsubscribe !== undefined) template.unsubscribe = unsubscribe;
  if (list !== undefined) template.list = list;
  const { linkedResources, alternateViews } = message;
  const linked = new Set(linkedResources.map(({ cid }) => cid));
  const attachments = message.attachments.filter(
    ({ cid, disposition }) => cid === undefined || disposition === 'attachment' || !linked.has(cid),
  );
  if (linkedResources.length > 0) template.linkedResources = linkedResources;
  if (attachments.length > 0) template.attachments = attachments.map(attachmentOf);
  if (alternateViews.length > 0) template.alternateViews = alternateViews;
  template.headers = [...message.headers].filter(([name]) => !notKept.test(name));
  return template;
}

function addressesOf(
  message: MailMessage,
  key: (typeof addressFields)[number][0],
  header: string,
): AddressTemplate | undefined {
  const written = message.headers.get(header);
  const isMarked = written !== undefined && MARKED.test(written);
  // What Outlook could not make an address of is a name without one.
  if (isMarked && !written.includes('<>')) return written;
  const value = message[key];
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) return undefined;
  return isMarked ? list.map(typedRecipient) : list;
}

function typedRecipient(one: MailAddress | MailGroup): AddressTemplate {
  if (one instanceof MailGroup || one.address !== '') return one;
  return one.name;
}

// A name with fields in it is filled in; the content stays as it is.
function attachmentOf(attachment: Attachment): AttachmentTemplateInput {
  const { filename, contentType, cid, description, disposition } = attachment;
  if (filename === undefined || !MARKED.test(filename)) return attachment;
  return {
    filename,
    contentType,
    content: () => attachment.stream(),
    ...{ cid, description, disposition },
  };
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&amp;': '&',
};

/** Editors of HTML write quotes and brackets as entities, inside of templates too: there they are what was typed. */
function withoutEntities(html: string): string {
  return html.replace(/\{\{[^{}]*\}\}|\{%[^{}]*%\}/g, (inside) =>
    inside.replace(/&(?:quot|#39|apos|lt|gt|nbsp|amp);/g, (entity) => entities[entity] ?? entity),
  );
}
