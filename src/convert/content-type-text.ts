// A media type with its parameters as one text, such as callers give it.

const TYPE = /^[\w!#$&+.^-]+\/[\w!#$&+.^-]+$/;
const NAME = /^[\w!#$&+.^-]+$/;

/** The type as it can be given for a part; what is none, or says that there are parts inside, is only octets. */
export function contentTypeText(
  type: string,
  parameters: Iterable<readonly [name: string, value: string]>,
): string {
  if (!TYPE.test(type) || /^multipart\//i.test(type)) return 'application/octet-stream';
  const pieces = [type];
  for (const [name, value] of parameters) {
    // The name is written from the part's file name.
    if (NAME.test(name) && name !== 'name') pieces.push(`${name}="${quoted(value)}"`);
  }
  return pieces.join('; ');
}

const quoted = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').replace(/["\\]/g, '\\$&');
