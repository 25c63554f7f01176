// A web archive (MHT, RFC 2557) is a message by its form; what makes it one is that it says where its parts are from.

// What a browser writes at the top, and what Posthorn does.
const SNAPSHOT = /^(?:snapshot-content-location:|x-snapshot-title:|from:\s{0,9}"?<saved by\b)/im;
// Mail that was on its way: it is mail, whatever its parts say.
const TRACE = /^(?:received|return-path|delivered-to|x-received|dkim-signature|message-id):/im;
const LOCATION = /^content-location:/im;
const RELATED = /^content-type:\s*multipart\/related\b/im;

/**
 * Whether a message is a web archive.
 *
 * @param header The message's own header.
 * @param head The beginning of the file, with the header of its first part.
 * @param isNamedSo Whether the file's name says that it is one.
 */
export function isWebArchive(header: string, head: string, isNamedSo: boolean): boolean {
  if (SNAPSHOT.test(header) || LOCATION.test(header)) return true;
  if (!RELATED.test(header)) return false;
  return isNamedSo || (!TRACE.test(header) && LOCATION.test(head));
}
